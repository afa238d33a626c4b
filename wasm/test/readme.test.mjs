// The examples of the package's README and of the project's, as they stand there.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { build } from "esbuild";
import { chromium, outcome, serve } from "./browser.mjs";
import { blocks, here, project, root } from "./support.mjs";

const HTML = `<!doctype html><title>starts</title><link rel="icon" href="data:,">`;

let installed;

before(async () => {
  installed = await project();
});

const all = [...(await blocks(join(here, "js/README.md"))), ...(await blocks(join(root, "README.md")))];

async function shown(t, page) {
  const browser = await chromium(t);
  if (browser !== undefined) {
    assert.equal(await outcome(browser, await serve(t, installed.folder, { "index.html": page })), "done true");
  }
}

const RUN = {
  js: async (t, { text, place }, next) => {
    const file = `${place.replaceAll(/\W/g, "-")}.mjs`;
    await installed.add({ [file]: text });
    const printed = await installed.node(file);
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
    test(`${block.place}, ${block.form}`, (t) => run(t, block, all[index + 1]));
  }
}

test("there are examples", () => {
  assert.ok(all.filter(({ form }) => form === "js").length >= 5);
});
