// Files that come in and go out.
import { notify } from "./notice";
import { edition, example, freeName, manifests, policies, profiles, settings, shown, view } from "./state";
import { placed } from "./tar";

/** Most bytes of one file. */
const LIMIT = 10 << 20;

const SETTINGS = /^podgate\.(ya?ml|json)$/;

/** Takes in files: Rego as policies, `podgate.yaml` as settings, the rest as manifests of one run. */
export async function take(files: File[]): Promise<void> {
  const texts: { name: string; text: string }[] = [];
  for (const file of files) {
    if (file.size > LIMIT) {
      notify(`${file.name} is larger than 10 MB`);
      continue;
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
      texts.push({ name: file.name, text });
    } catch {
      notify(`${file.name} is not text in UTF-8`);
    }
  }
  const rego = texts.filter(({ name }) => name.endsWith(".rego"));
  const set = texts.filter(({ name }) => SETTINGS.test(name));
  const rest = texts.filter(({ name }) => !name.endsWith(".rego") && !SETTINGS.test(name));
  const last = set.at(-1);
  if (last !== undefined) settings.value = last.text;
  addPolicies(rego.map(({ name, text }) => ({ path: name, text })));
  if (rest.length > 0) addManifests(rest);
  if (rest.length === 0 && texts.length > 0) view.value = rego.length > 0 ? "policies" : "settings";
  if (texts.length > 0) notify(texts.length === 1 ? `${texts[0]?.name} opened` : `${texts.length} files opened, judged as one run`);
}

/** Adds Rego files; one of the same name is replaced. */
export function addPolicies(files: { path: string; text: string }[]): void {
  const replaced = new Set(files.map(({ path }) => path));
  policies.value = [...policies.value.filter(({ path }) => !replaced.has(path)), ...files];
}

/** Adds manifests; an untouched example makes room for them. */
export function addManifests(files: { name: string; text: string }[]): void {
  const kept = example.value === undefined ? manifests.value.filter(({ text }) => text.trim() !== "") : [];
  const taken = kept.map(({ source }) => source);
  const added = files.map(({ name, text }) => {
    const source = freeName(name, taken);
    taken.push(source);
    return { source, text };
  });
  manifests.value = [...kept, ...added];
  shown.value = kept.length;
  example.value = undefined;
  edition.value += 1;
  view.value = view.value === "compare" ? "compare" : "check";
}

/** Removes a manifest; the last one leaves an empty one behind. */
export function remove(source: string): void {
  const rest = manifests.value.filter((one) => one.source !== source);
  manifests.value = rest.length > 0 ? rest : [{ source: "pod.yaml", text: "" }];
  shown.value = Math.min(shown.value, manifests.value.length - 1);
  example.value = undefined;
}

/** Every file of the state, under the names that `command` gives them. */
export function allFiles(): { name: string; text: string }[] {
  const own = policies.value.map(({ path, text }) => ({ name: `policies/${path}`, text }));
  const set = settings.value.trim() === "" ? [] : [{ name: "podgate.yaml", text: settings.value }];
  return [...manifests.value.map(({ source, text }) => ({ name: source, text })), ...set, ...own];
}

/** The command that gives the same verdict, in the folder of the exported files. */
export function command(): string {
  const words = ["podgate", "check"];
  for (const profile of profiles.value) words.push("--profile", profile);
  if (settings.value.trim() !== "") words.push("--settings", "podgate.yaml");
  if (policies.value.length > 0) words.push("--policies", "policies/");
  const names = manifests.value.map(({ source }) => placed(source));
  // What follows is a name, whatever it looks like.
  if (names.some((name) => name.startsWith("-"))) words.push("--");
  return [...words, ...names].map(word).join(" ");
}

/** A word as a shell reads it: what has a meaning there is quoted. */
const word = (text: string): string =>
  /^[\w@./-][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
