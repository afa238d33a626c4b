// The package as those who install it have it: packed, and installed into a fresh project outside the tree.

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

export const here = fileURLToPath(new URL("../", import.meta.url));
export const root = join(here, "..");
export const fixtures = join(root, "tests/fixtures");

/** The day of every verdict in these tests. */
export const DATE = "2026-11-24";

/** Both entry points. */
export const ENTRIES = ["podgate", "podgate/verdict"];

const execute = promisify(execFile);

/** Runs a program, and gives what it printed. */
export async function run(program, args, options = {}) {
  return execute(program, args, { maxBuffer: 1 << 28, ...options }).catch((error) => {
    if (options.codes?.includes(error.code)) {
      return error;
    }
    throw new Error(`${program} ${args.join(" ")} failed\n${error.stdout}\n${error.stderr}`);
  });
}

/** A tool that npm installed for these tests. */
export const tool = (name) => join(here, "node_modules/.bin", name);

const folders = [];
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A fresh project with the package in it, and these files. */
export async function project(files = {}) {
  const folder = await mkdtemp(join(tmpdir(), "podgate-npm-"));
  folders.push(folder);
  const add = async (all) => {
    for (const [name, text] of Object.entries(all)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  };
  await add({ "package.json": JSON.stringify({ private: true, type: "module" }), ...files });
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: join(here, "npm") });
  const [{ filename }] = JSON.parse(packed.stdout);
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${filename}`], { cwd: folder });
  return {
    folder,
    add,
    /** An entry point of the package, as this process loads it from the project. */
    load: async (entry) => {
      const name = `load-${entry.replace("/", "-")}.mjs`;
      await add({ [name]: `export * from "${entry}";\n` });
      return import(pathToFileURL(join(folder, name)));
    },
    node: async (file) => (await run(process.execPath, [file], { cwd: folder })).stdout,
  };
}

/** The text of a fixture. */
export const fixture = (name) => readFile(join(fixtures, name), "utf8");

/** All manifests of the fixtures, as paths from their folder. */
export async function manifests() {
  const all = await readdir(fixtures, { recursive: true });
  return all.filter((name) => /\.(yaml|groovy|toml|xml)$/.test(name)).sort();
}

/** What the command line prints as JSON, run in a folder. */
export async function cliIn(folder, ...args) {
  const options = { cwd: folder, codes: [1, 3] };
  return (await run(process.env.PODGATE, ["check", "--format", "json", "--date", DATE, ...args], options)).stdout;
}

/** What the command line prints as JSON, run in the folder of the fixtures. */
export const cli = (...args) => cliIn(fixtures, ...args);

/** Runs a function on each of the values, as many at a time as there are processors. */
export async function inTurns(values, use) {
  const results = [];
  const rest = values.entries();
  const worker = async () => {
    for (const [index, value] of rest) {
      results[index] = await use(value);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** The blocks of code of a text in Markdown: what the line of the fence says, the text, and where it begins. */
export async function blocks(file) {
  const markdown = await readFile(file, "utf8");
  const found = [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)];
  const place = (index) => `${relative(root, file)}:${markdown.slice(0, index).split("\n").length}`;
  return found.map(({ 1: form, 2: text, index }) => ({ form, text, place: place(index) }));
}
