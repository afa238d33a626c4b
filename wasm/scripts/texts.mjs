// The texts of the built-in policies: page and Rego.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Rego and page of each policy, by the path of its Rego file. */
export async function texts(folder) {
  const files = (await readdir(folder, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
  const pages = files.filter((file) => file.endsWith(".md") && files.includes(rego(file))).sort();
  const read = (file) => readFile(join(folder, file), "utf8");
  const entries = pages.map(async (page) => [rego(page), { page: await read(page), rego: await read(rego(page)) }]);
  return Object.fromEntries(await Promise.all(entries));
}

function rego(page) {
  return page.replace(/\.md$/, ".rego");
}
