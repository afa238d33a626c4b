// The examples of the README, as they stand there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { build } from "esbuild";
import { chromium, outcome, serve } from "./browser.mjs";
import { here, project } from "./support.mjs";

const HTML = `<!doctype html><title>starts</title><link rel="icon" href="data:,">`;

let installed;

before(async () => {
  installed = await project();
});

/** The blocks of code: what the line of the fence says, the text, and the line it begins on. */
function blocks(markdown) {
  const found = [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)];
  return found.map(({ 1: form, 2: text, index }) => ({ form, text, line: markdown.slice(0, index).split("\n").length }));
}

const all = blocks(await readFile(join(here, "js/README.md"), "utf8"));

async function shown(t, page) {
  const browser = await chromium(t);
  if (browser !== undefined) {
    assert.equal(await outcome(browser, await serve(t, installed.folder, { "index.html": page })), "done true");
  }
}

const RUN = {
  js: async (t, { text, line }, next) => {
    await installed.add({ [`${line}.mjs`]: text });
    const printed = await installed.node(`${line}.mjs`);
    assert.equal(printed, next?.form === "text" ? next.text : "");
  },
  html: (t, { text }) => shown(t, text.replace("<title>", '<link rel="icon" href="data:,"><title>')),
  "js esbuild": async (t, { text }) => {
    await installed.add({ "bundled.js": text });
    await build({
      absWorkingDir: installed.folder,
      entryPoints: ["bundled.js"],
      bundle: true,
      format: "esm",
      loader: { ".wasm": "file" },
      outdir: ".",
      outExtension: { ".js": ".out.js" },
    });
    await shown(t, `${HTML}<script type="module" src="/bundled.out.js"></script>`);
  },
};

for (const [index, block] of all.entries()) {
  const run = RUN[block.form];
  if (run !== undefined) {
    test(`line ${block.line}: ${block.form}`, (t) => run(t, block, all[index + 1]));
  }
}

test("there are examples", () => {
  assert.ok(all.filter(({ form }) => form === "js").length >= 4);
});
