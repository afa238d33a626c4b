// The state as the part of an address behind `#`, which browsers keep to themselves.
import type { Saved } from "./state";

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

/** The state in a fragment; `undefined` where there is none, an error where it is damaged. */
export async function fromFragment(fragment: string): Promise<Saved | undefined> {
  if (!fragment.startsWith(PREFIX)) return undefined;
  const binary = atob(fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const text = new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
  return read(JSON.parse(text));
}

/** Takes from a value of unknown origin what is a state; anything else is an error. */
export function read(value: unknown): Saved {
  const { manifests, profiles, settings, policies } = (value ?? {}) as Record<string, unknown>;
  const strings = (list: unknown[], ...keys: string[]) =>
    list.every((one) => keys.every((key) => typeof (one as Record<string, unknown> | null)?.[key] === "string"));
  const isState =
    Array.isArray(manifests) && strings(manifests, "source", "text") && manifests.length > 0 &&
    Array.isArray(policies) && strings(policies, "path", "text") &&
    Array.isArray(profiles) && profiles.every((one) => typeof one === "string") &&
    typeof settings === "string";
  if (!isState) throw new Error("the link holds no state of this page");
  return { manifests, profiles, settings, policies } as Saved;
}
