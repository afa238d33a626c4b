// The state as the part of an address behind `#`, which browsers keep to themselves.
import { freeName, START } from "./state";
import type { Saved, Selected, View } from "./state";

/** The version of what stands in links. */
const PREFIX = "#1.";

/** Most bytes that a link may unfold to. */
const LIMIT = 8 << 20;

async function through(bytes: Uint8Array<ArrayBuffer>, step: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(step as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LIMIT) throw new Error("the link holds too much");
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

/** The fragment that holds a state. */
export async function toFragment(state: Saved): Promise<string> {
  const small = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
  let binary = "";
  for (const byte of small) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Whether a fragment is a link of this page, of whatever version. */
export const isLink = (fragment: string): boolean => /^#\d+\./.test(fragment);

/** The state in a link; an error where it is damaged, or of another version of this page. */
export async function fromFragment(fragment: string): Promise<Saved> {
  if (!fragment.startsWith(PREFIX)) throw new Error("it was made by another version of this page");
  const binary = atob(fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const text = new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
  return read(JSON.parse(text));
}

const PROFILE = /^\w[\w.:-]*$/;
const VIEWS: readonly string[] = ["check", "compare", "policies", "settings"] satisfies View[];
/** A control character, which no name of a file needs, and which does harm in a terminal. */
const CONTROL = /\p{Cc}/u;

function hold(isRight: boolean): asserts isRight {
  if (!isRight) throw new Error("the link holds no state of this page");
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

function list<T>(value: unknown, one: (entry: unknown) => T): T[] {
  hold(Array.isArray(value));
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

const named = (value: unknown): string => matching(value, (text) => text !== "" && !CONTROL.test(text));
const profile = (value: unknown): string => matching(value, (text) => PROFILE.test(text));

/** Makes from a value of unknown origin a state, of what is known alone; what is no state is an error. */
export function read(value: unknown): Saved {
  const given = fields(value);
  const taken: string[] = [];
  const own = (name: string) => {
    const free = freeName(name, taken);
    taken.push(free);
    return free;
  };
  const manifests = list(given["manifests"], fields).map(({ source, text }) => ({ source: own(named(source)), text: string(text) }));
  hold(manifests.length > 0);
  taken.length = 0;
  const policies = list(given["policies"], fields).map(({ path, text }) => ({ path: own(named(path)), text: string(text) }));
  const { view = "check", shown = 0, columns = START, selected } = given;
  hold(Number.isInteger(shown) && (shown as number) >= 0 && (shown as number) < manifests.length);
  return {
    manifests,
    profiles: list(given["profiles"], profile),
    settings: string(given["settings"]),
    policies,
    view: matching(view, (name) => VIEWS.includes(name)) as View,
    shown: shown as number,
    columns: list(columns, profile),
    selected: selected === undefined ? undefined : selection(fields(selected)),
  };
}

const selection = ({ id, path }: Fields): Selected => (id === undefined ? { path: named(path) } : { id: named(id) });
