// The state as the part of an address behind `#`, which browsers keep to themselves.
import { namer, START } from "./state";
import type { Saved, Selected, View } from "./state";
import { hasUnseen } from "./visible";

/** The version of what stands in links. */
const PREFIX = "#1.";

/** Most bytes that a link may unfold to. */
const LIMIT = 8 << 20;

/** Most characters of a link: longer ones do not open in every browser. */
const LONGEST = 1_000_000;

/** Most files in a link, and most policies. */
const MOST = 500;

/** Most profiles side by side. */
const COLUMNS = 8;

/** Most characters of a name. */
const NAME = 1024;

/** What is wrong with a link, in words for whoever opened it. */
class Unusable extends Error {}

async function through(bytes: Uint8Array<ArrayBuffer>, step: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(step as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LIMIT) throw new Unusable("the link holds too much");
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The fragment that holds a state; an error where no link can hold it. */
export async function toFragment(state: Saved): Promise<string> {
  if (Math.max(state.manifests.length, state.policies.length) > MOST) {
    throw new Error(`These are too many files for a link, which holds at most ${MOST} of a kind`);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  if (bytes.length > LIMIT) throw new Error(`This is too large for a link, which holds at most ${LIMIT >> 20} MB`);
  const small = await through(bytes, new CompressionStream("deflate-raw"));
  let binary = "";
  for (const byte of small) binary += String.fromCharCode(byte);
  const fragment = PREFIX + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  if (fragment.length > LONGEST) throw new Error("This is too large for a link: not every browser opens one that long");
  return fragment;
}

/** Whether a fragment is a link of this page, of whatever version. */
export const isLink = (fragment: string): boolean => /^#\d+\./.test(fragment);

async function unfolded(packed: string): Promise<unknown> {
  const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"))));
}

/** The state in a link; an error where it is damaged, or of another version of this page. */
export async function fromFragment(fragment: string): Promise<Saved> {
  if (!fragment.startsWith(PREFIX)) throw new Unusable("it was made by another version of this page");
  let value: unknown;
  try {
    value = await unfolded(fragment.slice(PREFIX.length));
  } catch (error) {
    // What the browser's own functions say is about their names and not about the link.
    throw error instanceof Unusable ? error : new Unusable("it is damaged, or only a part of it was copied");
  }
  return read(value);
}

const PROFILE = /^\w[\w.:-]*$/;
const VIEWS: readonly string[] = ["check", "compare", "policies", "settings"] satisfies View[];

function hold(isRight: boolean): asserts isRight {
  if (!isRight) throw new Unusable("the link holds no state of this page");
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

function list<T>(value: unknown, what: string, one: (entry: unknown) => T, most: number): T[] {
  hold(Array.isArray(value));
  if (value.length > most) throw new Unusable(`the link holds ${value.length} ${what}, and at most ${most} can be opened`);
  return value.map(one);
}

function string(value: unknown): string {
  hold(typeof value === "string");
  return value;
}

function matching(value: unknown, isRight: (text: string) => boolean): string {
  const text = string(value);
  hold(isRight(text));
  return text;
}

const named = (value: unknown): string => matching(value, (text) => text !== "" && text.length <= NAME && !hasUnseen(text));
const profile = (value: unknown): string => matching(value, (text) => PROFILE.test(text));

/** Makes from a value of unknown origin a state with at most so many files, of what is known alone; what is no state is an error. */
export function read(value: unknown, most = MOST): Saved {
  const given = fields(value);
  const sources = namer();
  const manifests = list(given["manifests"], "files", fields, most)
    .map(({ source, text }) => ({ source: sources(named(source)), text: string(text) }));
  hold(manifests.length > 0);
  const paths = namer();
  const policies = list(given["policies"], "policies", fields, most).map(({ path, text }) => ({ path: paths(named(path)), text: string(text) }));
  const { view = "check", shown = 0, columns = START, selected } = given;
  hold(Number.isInteger(shown) && (shown as number) >= 0 && (shown as number) < manifests.length);
  const compared = list(columns, "profiles side by side", profile, COLUMNS);
  return {
    manifests,
    profiles: list(given["profiles"], "profiles", profile, MOST),
    settings: string(given["settings"]),
    policies,
    view: matching(view, (name) => VIEWS.includes(name)) as View,
    shown: shown as number,
    columns: compared.length > 0 ? compared : START,
    selected: selected === undefined ? undefined : selection(fields(selected)),
  };
}

const selection = ({ id, path }: Fields): Selected => (id === undefined ? { path: named(path) } : { id: named(id) });
