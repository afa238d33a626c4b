// What the files are written in, as the engine tells it by their names and contents.
import { signal } from "@preact/signals";
import { call } from "../engine/client";
import type { InputFormat } from "../engine/podgate";
import type { Manifest } from "../engine/protocol";
import { manifests } from "./state";

/** What was told of texts: none is changed, another takes its place. */
const told = new WeakMap<Manifest, InputFormat>();

/** By the names of the files; of a text that is asked about, what was told of the one before. */
export const formats = signal<ReadonlyMap<string, InputFormat>>(new Map());

/** Asks about the files that are new. */
export async function tellFormats(): Promise<void> {
  const asked = manifests.peek().filter((file) => !told.has(file));
  if (asked.length > 0) {
    const said = await call("formats", { manifests: asked }, "formats");
    asked.forEach((file, index) => said[index] !== undefined && told.set(file, said[index]));
  }
  const before = formats.peek();
  const known = manifests.peek().map((file) => [file.source, told.get(file) ?? before.get(file.source)] as const);
  formats.value = new Map(known.filter((one): one is [string, InputFormat] => one[1] !== undefined));
}
