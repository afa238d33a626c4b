// Prints what each entry point weighs and holds it to its budget: the module, and the JavaScript around it as a bundler
// makes it small.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What each is meant to weigh at most, in bytes under brotli. */
const BUDGETS = { podgate: 600_000, verdict: 330_000 };

/** What each may not weigh. The budgets are not met, so this is what keeps them from getting worse. */
const CEILINGS = { podgate: 1_460_000, verdict: 1_110_000 };

const MODULES = { podgate: "compiler", verdict: "verdict" };

const npm = new URL("../npm/", import.meta.url);
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);

async function script(entry) {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL(`${entry}.web.js`, npm))],
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    outdir: "out",
    write: false,
  });
  // What is loaded later is in files of its own.
  return Buffer.concat(bundle.outputFiles.filter((file) => !file.path.includes("schema")).map((file) => file.contents));
}

let failed = false;
console.log(`${"".padEnd(20)}${["raw", "gzip", "brotli"].map((name) => name.padStart(11)).join("")}`);
for (const [entry, budget] of Object.entries(BUDGETS)) {
  const wasm = await readFile(new URL(`${MODULES[entry]}/podgate_bg.wasm`, npm));
  let total = 0;
  for (const [name, bytes] of [
    ["wasm", wasm],
    ["js", await script(entry)],
  ]) {
    const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
    total += sizes[2];
    console.log(`${`${entry} (${name})`.padEnd(20)}${sizes.map(kB).join("")}`);
  }
  const verdict = total <= budget ? "within" : "ABOVE";
  console.log(`${entry.padEnd(20)}${kB(total).padStart(33)}, ${verdict} the budget of${kB(budget)}`);
  failed ||= total > CEILINGS[entry];
}
process.exitCode = failed ? 1 : 0;
