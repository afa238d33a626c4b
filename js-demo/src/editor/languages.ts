// The languages of files: YAML at once, the others when there is a file of theirs.
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { signal } from "@preact/signals";
import type { InputFormat } from "../engine/podgate";
import { podHelp } from "./pod-help";

type Later = Exclude<InputFormat, "yaml">;

const colours = yaml();
const none: Extension = [];
/** Help is for what is known to be YAML alone. */
const withHelp: Extension = [colours, podHelp];

const loaders: Record<Later, () => Promise<Extension>> = {
  jenkinsfile: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/groovy")).groovy),
  toml: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/toml")).toml),
  xml: async () => (await import("@codemirror/lang-xml")).xml(),
};

const loaded = signal<Partial<Record<Later, Extension>>>({});
const asked = new Set<Later>();

/** The language of a format: none until it is loaded, and the colours of YAML until the format is known. */
export function languageOf(format: InputFormat | undefined): Extension {
  if (format === undefined) return colours;
  if (format === "yaml") return withHelp;
  if (!asked.has(format)) {
    asked.add(format);
    void loaders[format]().then(
      (language) => (loaded.value = { ...loaded.peek(), [format]: language }),
      // Another file of it tries anew: there may be a network again.
      () => asked.delete(format),
    );
  }
  return loaded.value[format] ?? none;
}
