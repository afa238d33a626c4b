// Browsers: a page without a bundler, a worker, and what bundlers make of the package.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { build as esbuild } from "esbuild";
import { build as vite, createServer } from "vite";
import webpack from "webpack";
import { chromium, outcome, serve } from "./browser.mjs";
import { project } from "./support.mjs";
import { EXPECTED, IMPORTS, PROGRAM } from "./use.mjs";

const MAIN = `${IMPORTS}\ndocument.title = await all(podgate, verdict);\n`;
const HTML = `<!doctype html><meta charset="utf-8"><title>starts</title><link rel="icon" href="data:,">`;
const page = (script) => `${HTML}<script type="module" src="${script}"></script>\n`;

const DIRECT = `import * as podgate from "/node_modules/podgate/podgate.web.js";
import * as verdict from "/node_modules/podgate/verdict.web.js";
${PROGRAM}`;

let installed;

before(async () => {
  installed = await project({ "main.js": MAIN, "index.html": page("./main.js") });
});

/** Opens the page of a folder. */
async function opened(t, folder, pages = {}) {
  const browser = await chromium(t);
  if (browser !== undefined) {
    assert.equal(await outcome(browser, await serve(t, folder, pages)), EXPECTED);
  }
}

test("a script of type module, without a bundler", async (t) => {
  const script = `${DIRECT}\ndocument.title = await all(podgate, verdict);\n`;
  await opened(t, installed.folder, { "index.html": page("/direct.js"), "direct.js": script });
});

test("an import map, without a bundler", async (t) => {
  const imports = {
    podgate: "/node_modules/podgate/podgate.web.js",
    "podgate/verdict": "/node_modules/podgate/verdict.web.js",
  };
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  await opened(t, installed.folder, { "index.html": `${HTML}${map}<script type="module" src="/main.js"></script>` });
});

test("a Web Worker", async (t) => {
  const worker = `${DIRECT}\npostMessage(await all(podgate, verdict));\n`;
  const main = `new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => { document.title = data; };`;
  await opened(t, installed.folder, { "index.html": page("/page.js"), "page.js": main, "worker.js": worker });
});

test("Vite, built", async (t) => {
  await vite({
    root: installed.folder,
    base: "./",
    logLevel: "error",
    build: { outDir: "dist-vite", target: "es2022" },
  });
  await opened(t, join(installed.folder, "dist-vite"));
});

test("Vite, its server", async (t) => {
  const browser = await chromium(t);
  if (browser === undefined) {
    return;
  }
  const server = await createServer({
    root: installed.folder,
    logLevel: "error",
    optimizeDeps: { exclude: ["podgate"] },
    server: { host: "127.0.0.1", port: 0 },
  });
  t.after(() => server.close());
  await server.listen();
  assert.equal(await outcome(browser, server.resolvedUrls.local[0]), EXPECTED);
});

test("webpack", async (t) => {
  const dist = join(installed.folder, "dist-webpack");
  const stats = await promisify(webpack)({
    context: installed.folder,
    mode: "production",
    entry: "./main.js",
    output: { path: dist, filename: "main.js", module: true },
    experiments: { outputModule: true },
    performance: { hints: false },
  });
  assert.deepEqual([stats.toJson().errors, stats.toJson().warnings], [[], []]);
  await opened(t, dist, { "index.html": page("/main.js") });
});

test("esbuild, with the modules beside the script", async (t) => {
  const dist = join(installed.folder, "dist-esbuild");
  const main = `import module from "podgate/podgate.wasm";
import verdictModule from "podgate/verdict.wasm";
${IMPORTS}
const at = ({ createGate }, wasm) => ({ createGate: (options) => createGate({ ...options, wasm: new URL(wasm, import.meta.url) }) });
document.title = await all(at(podgate, module), at(verdict, verdictModule));
`;
  await installed.add({ "esbuild.js": main });
  const { warnings } = await esbuild({
    absWorkingDir: installed.folder,
    entryPoints: ["esbuild.js"],
    bundle: true,
    minify: true,
    format: "esm",
    loader: { ".wasm": "file" },
    outdir: "dist-esbuild",
  });
  assert.deepEqual(warnings, []);
  await opened(t, dist, { "index.html": page("/esbuild.js") });
});
