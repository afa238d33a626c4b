import { readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

/** The gallery: its groups of examples, each with the names and the texts of its files. */
export function examples() {
  const groups = JSON.parse(readFileSync(new URL("../gallery/examples.json", import.meta.url), "utf8"));
  return groups.map(({ title, examples }) => ({
    title,
    examples: examples.map(({ from, name, files, ...example }) => ({
      ...example,
      files: (files ?? [{ name: name ?? `${example.id}.yaml`, from }]).map(({ name, from }) => ({ name, text: manifest(from) })),
    })),
  }));
}

/** A file of the project, or with `#name` the manifest of that name in a guide. */
function manifest(from) {
  const [path, name] = from.split("#");
  const text = read(path);
  if (name === undefined) return text;
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1]);
  const found = blocks.find((block) => block.includes(`\n  name: ${name}\n`));
  if (found === undefined) throw new Error(`${path} has no manifest named ${name}`);
  return found;
}
