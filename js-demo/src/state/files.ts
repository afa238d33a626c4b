// Files that come in and go out.
import { batch } from "@preact/signals";
import { leadsTo, remember, replacing } from "./lost";
import { notify } from "./notice";
import { edition, example, freeName, manifests, namer, policies, profiles, settings, shown, unread, UNNAMED, view } from "./state";
import type { Unread } from "./state";
import { placer } from "./tar";
import { withoutUnseen } from "./visible";

/** Most bytes of one file. */
const LIMIT = 10 << 20;

const SETTINGS = /^podgate\.(ya?ml|json)$/;

/** A text as the engine decodes it: UTF-8, or UTF-16 with a byte order mark. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding = first === 0xfe && second === 0xff ? "utf-16be" : first === 0xff && second === 0xfe ? "utf-16le" : "utf-8";
  // A mark of UTF-8 belongs to the text, in which places are counted.
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === "utf-8" }).decode(bytes);
}

/** The text of a file, or why there is none. */
async function textOf(file: File): Promise<{ text: string } | { reason: string }> {
  if (file.size > LIMIT) return { reason: "larger than 10 MB" };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { reason: "the browser cannot read it" };
  }
  try {
    return { text: decode(bytes) };
  } catch {
    return { reason: "neither UTF-8 nor UTF-16 with a byte order mark" };
  }
}

/** Takes in files: Rego as policies, `podgate.yaml` as settings, the rest to be judged as one run. */
export async function take(files: File[]): Promise<void> {
  const texts: { name: string; text: string }[] = [];
  const refused: Unread[] = [];
  for (const file of files) {
    const name = withoutUnseen(file.name) || "unnamed";
    const read = await textOf(file);
    if ("text" in read) texts.push({ name, text: read.text });
    else refused.push({ name, reason: read.reason });
  }
  const before = remember();
  batch(() => put(texts, refused));
  const opened = texts.length === 1 ? `${texts[0]?.name} opened` : `${texts.length} files opened, judged as one run`;
  const said = [
    ...(refused.length > 0 ? [`Not opened: ${refused.map(({ name, reason }) => `${name} (${reason})`).join(", ")}`] : []),
    ...(texts.length > 0 ? [opened] : []),
  ];
  if (said.length > 0) notify(said.join(". "), before.isLost() ? leadsTo(before.back) : undefined, refused.length > 0 || before.isLost());
}

/** Puts files where they belong. */
function put(texts: { name: string; text: string }[], refused: Unread[]): void {
  const rego = texts.filter(({ name }) => name.endsWith(".rego"));
  const set = texts.filter(({ name }) => SETTINGS.test(name));
  const rest = texts.filter(({ name }) => !name.endsWith(".rego") && !SETTINGS.test(name));
  const last = set.at(-1);
  if (last !== undefined) settings.value = last.text;
  addPolicies(rego.map(({ name, text }) => ({ path: name, text })));
  if (rest.length > 0) addManifests(rest);
  if (rest.length === 0 && texts.length > 0) view.value = rego.length > 0 ? "policies" : "settings";
  const settled = new Set([...texts, ...refused].map(({ name }) => name));
  unread.value = [...unread.value.filter(({ name }) => !settled.has(name)), ...refused];
}

/** Adds Rego files; one of the same name is replaced. */
export function addPolicies(files: { path: string; text: string }[]): void {
  const replaced = new Set(files.map(({ path }) => path));
  policies.value = [...policies.value.filter(({ path }) => !replaced.has(path)), ...files];
}

/** Adds files to be judged; an untouched example makes room for them. */
export function addManifests(files: { name: string; text: string }[]): void {
  const kept = example.value === undefined ? manifests.value.filter(({ text }) => text.trim() !== "") : [];
  const nameOf = namer(kept.map(({ source }) => source));
  const added = files.map(({ name, text }) => ({ source: nameOf(name), text }));
  manifests.value = [...kept, ...added];
  shown.value = kept.length;
  example.value = undefined;
  edition.value += 1;
  view.value = view.value === "compare" ? "compare" : "check";
}

/** Empties the page of files. */
export function clear(): void {
  replacing("The files were cleared", () => {
    manifests.value = [];
    unread.value = [];
    addManifests([{ name: UNNAMED, text: "" }]);
  });
}

/** Removes a file; the last one leaves an empty one behind. */
export function remove(source: string): void {
  replacing(`${source} was removed`, () => {
    const rest = manifests.value.filter((one) => one.source !== source);
    manifests.value = rest.length > 0 ? rest : [{ source: UNNAMED, text: "" }];
    shown.value = Math.min(shown.value, manifests.value.length - 1);
    example.value = undefined;
  });
}

/** Begins an empty file beside the others. */
export function start(wanted: string): void {
  const source = freeName(wanted, manifests.value.map((one) => one.source));
  manifests.value = [...manifests.value, { source, text: "" }];
  shown.value = manifests.value.length - 1;
}

/** Most letters of a name, as in a link. */
const NAME = 1024;

/** Calls a file something else, by which it may be read as something else; a name that another has gets a number. */
export function rename(source: string, wanted: string): void {
  const name = withoutUnseen(wanted).trim().slice(0, NAME);
  if (name === "" || name === source) return;
  const others = manifests.value.flatMap((one) => (one.source === source ? [] : [one.source]));
  const given = freeName(name, others);
  manifests.value = manifests.value.map((one) => (one.source === source ? { source: given, text: one.text } : one));
  example.value = undefined;
}

/** Removes one of the visitor's Rego files. */
export function removePolicy(path: string): void {
  replacing(`${path} was removed`, () => {
    policies.value = policies.value.filter((file) => file.path !== path);
  });
}

const FOLDER = "policies";
const SET = "podgate.yaml";

/** What is judged under the names that it has as files: none is taken for settings, for a policy or for standard input. */
function placedManifests(): { name: string; text: string }[] {
  const nameOf = placer([SET, FOLDER, "-"]);
  return manifests.value.map(({ source, text }) => ({ name: nameOf(source), text }));
}

/** Every file of the state, under the names that `command` gives them. */
export function allFiles(): { name: string; text: string }[] {
  const nameOf = placer([]);
  const own = policies.value.map(({ path, text }) => ({ name: `${FOLDER}/${nameOf(path.endsWith(".rego") ? path : `${path}.rego`)}`, text }));
  const set = settings.value.trim() === "" ? [] : [{ name: SET, text: settings.value }];
  return [...placedManifests(), ...set, ...own];
}

/** The command that gives the same verdict, in the folder of the exported files. */
export function command(): string {
  const words = ["podgate", "check"];
  for (const profile of profiles.value) words.push("--profile", profile);
  if (settings.value.trim() !== "") words.push("--settings", SET);
  if (policies.value.length > 0) words.push("--policies", `${FOLDER}/`);
  const names = placedManifests().map(({ name }) => name);
  // What follows is a name, whatever it looks like.
  if (names.some((name) => name.startsWith("-"))) words.push("--");
  return [...words, ...names].map(word).join(" ");
}

/** A word as a shell reads it: what has a meaning there is quoted. */
const word = (text: string): string =>
  /^[\w@./-][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
