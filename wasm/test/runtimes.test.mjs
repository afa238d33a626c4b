// Node by `import` and by `require`, Bun, Deno, and workerd, which runs Cloudflare's Workers.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { before, test } from "node:test";
import { build } from "esbuild";
import { project, run, tool } from "./support.mjs";
import { EXPECTED, IMPORTS, PROGRAM } from "./use.mjs";

const PRINT = `${IMPORTS}\nconsole.log(await all(podgate, verdict));\n`;
const REQUIRE = `const podgate = require("podgate");\nconst verdict = require("podgate/verdict");\n${PROGRAM}
all(podgate, verdict).then(console.log);\n`;

let installed;

before(async () => {
  installed = await project({ "print.mjs": PRINT, "require.cjs": REQUIRE });
});

test("Node, import", async () => {
  assert.equal((await installed.node("print.mjs")).trim(), EXPECTED);
});

test("Node, require", async (t) => {
  if (!process.features.require_module) {
    t.skip(`Node ${process.version} cannot require modules`);
    return;
  }
  assert.equal((await installed.node("require.cjs")).trim(), EXPECTED);
});

test("Bun", async () => {
  const { stdout } = await run(tool("bun"), ["run", "print.mjs"], { cwd: installed.folder });
  assert.equal(stdout.trim(), EXPECTED);
});

test("Deno", async () => {
  const args = ["run", "--no-remote", "--allow-read", "print.mjs"];
  const { stdout } = await run(tool("deno"), args, { cwd: installed.folder });
  assert.equal(stdout.trim(), EXPECTED);
});

test("workerd", async (t) => {
  await installed.add({
    "worker.mjs": `${IMPORTS}\nexport default { fetch: async () => new Response(await all(podgate, verdict)) };\n`,
  });
  await build({
    absWorkingDir: installed.folder,
    entryPoints: ["worker.mjs"],
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["*.wasm"],
    outfile: "worker.out.mjs",
  });
  const port = await freePort();
  await installed.add({
    "config.capnp": config(await readFile(join(installed.folder, "worker.out.mjs"), "utf8"), port),
  });
  const workerd = spawn(tool("workerd"), ["serve", "config.capnp"], {
    cwd: installed.folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  t.after(() => workerd.kill());
  assert.equal(await (await answer(`http://127.0.0.1:${port}/`)).text(), EXPECTED);
});

/** The modules of a Worker, the WebAssembly ones by the names under which it imports them. */
function config(script, port) {
  const names = [...script.matchAll(/from\s*"([^"]+\.wasm)"/g)].map(([, name]) => name);
  assert.equal(names.length, 2);
  const wasm = names.map((name) => {
    const file = name.replace(/^\.\//, "node_modules/podgate/");
    return `(name = "${name}", wasm = embed "${file}")`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [(name = "worker", esModule = embed "worker.out.mjs"), ${wasm.join(", ")}],
);
`;
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** The first answer of a server that is starting. */
async function answer(address, tries = 300) {
  try {
    return await fetch(address);
  } catch (error) {
    if (tries === 0) {
      throw error;
    }
    await new Promise((done) => setTimeout(done, 100));
    return answer(address, tries - 1);
  }
}
