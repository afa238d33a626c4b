// The command line, against which the page is held.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = new URL("../../", import.meta.url);

/** The program that `PODGATE` names, or the one that cargo builds. */
function program() {
  if (process.env.PODGATE) return process.env.PODGATE;
  const args = ["build", "--quiet", "-p", "podgate-cli", "--message-format=json"];
  const lines = execFileSync("cargo", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }).trim().split("\n");
  const built = lines.map((line) => JSON.parse(line)).find(({ executable, target }) => executable && target.name === "podgate");
  return built.executable;
}

let known;

/** What `podgate` prints in a folder with these files. */
export function podgate(args, files) {
  known ??= program();
  const folder = mkdtempSync(join(tmpdir(), "podgate-"));
  try {
    for (const { name, text } of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { stdout, stderr, status } = spawnSync(known, args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
    // 0 and 1 are verdicts, 3 is one with something that could not be judged.
    if (![0, 1, 3].includes(status)) throw new Error(`podgate ${args.join(" ")}: ${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
