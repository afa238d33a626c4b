// Makes the package in `npm/` from its sources in `js/`, around the modules that wasm-pack left there:
// `node build.mjs <version>`.

import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { texts } from "./texts.mjs";
import { types } from "./types.mjs";

const wasm = new URL("../", import.meta.url);
const root = new URL("../", wasm);
const npm = new URL("npm/", wasm);
const generated = new URL("js/generated/", wasm);

const json = async (file) => JSON.parse(await readFile(new URL(file, root), "utf8"));
const write = (name, text) => writeFile(new URL(name, generated), text);
const data = (value) => `export default ${JSON.stringify(value)} as Record<string, unknown>;\n`;

async function generate(version) {
  await rm(generated, { recursive: true, force: true });
  await mkdir(generated);
  const [settings, report, host] = await Promise.all(
    ["podgate", "report", "host"].map((name) => json(`docs/schema/${name}.schema.json`)),
  );
  await write("version.ts", `export const version = ${JSON.stringify(version)};\n`);
  await write("types.ts", await types(host, settings));
  await write("settings.schema.ts", data(settings));
  await write("report.schema.ts", data(report));
  const all = await texts(fileURLToPath(new URL("policies/", root)));
  const about = "/** Rego and page (Markdown) of each built-in policy, by its `path`. */";
  const type = "Readonly<Record<string, { page: string; rego: string }>>";
  await write("texts.ts", `${about}\nexport const texts: ${type} = ${JSON.stringify(all)};\n`);
}

async function compile() {
  const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", wasm));
  const project = fileURLToPath(new URL("js", wasm));
  await promisify(execFile)(process.execPath, [tsc, "--project", project]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
}

async function copy(version) {
  const manifest = await json("wasm/js/package.json");
  await writeFile(new URL("package.json", npm), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
  await cp(new URL("js/index.d.ts", wasm), new URL("index.d.ts", npm));
  await cp(new URL("js/README.md", wasm), new URL("README.md", npm));
  await cp(new URL("LICENSE", root), new URL("LICENSE", npm));
}

const [, , version] = process.argv;
await generate(version);
await compile();
await copy(version);
