// Completion and hover for YAML, from what is known of its places.
import { autocompletion } from "@codemirror/autocomplete";
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Extension, Text } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import type { EditorView } from "@codemirror/view";
import type { Place } from "./schema";
import { pathTo } from "./yaml-path";
import type { Path } from "./yaml-path";

/** What is known of the document around a line; `undefined` where nothing is. */
export type Root = (doc: Text, line: number) => Place | undefined;

/** What is written before the cursor: a key, or a key and the begin of its value. */
const WRITTEN = /^((?:\s*-\s+)*\s*)(?:([\w./-]*)|([\w./-]+):\s+(?:\[(?:[^\]]*,)?\s*)?([\w.:/-]*))$/;

const walk = (root: Place | undefined, path: Path): Place | undefined =>
  path.reduce<Place | undefined>((place, key) => place?.below(key === "*" ? undefined : key), root);

/** An entry of a list of words, such as a profile, stands where a key might: it is a value. */
const valuesOf = (place: Place | undefined): string[] => [...(place?.values ?? []), ...(place?.below(undefined)?.values ?? [])];

function complete(root: Root, context: CompletionContext): CompletionResult | null {
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const written = WRITTEN.exec(line.text.slice(0, context.pos - line.from));
  if (written === null) return null;
  const [, lead = "", key = "", owner, value = ""] = written;
  const base = walk(root(doc, line.number), pathTo(doc, line.number, lead.length));
  if (owner !== undefined) {
    const options = valuesOf(base?.below(owner)).map((label): Completion => ({ label, type: "enum" }));
    return options.length === 0 ? null : { from: context.pos - value.length, options, validFor: /^[\w.:/-]*$/ };
  }
  if (key === "" && !context.explicit) return null;
  const options = [...fieldsOf(base), ...(base?.values ?? []).map((label): Completion => ({ label, type: "enum" }))];
  return options.length === 0 ? null : { from: context.pos - key.length, options, validFor: /^[\w./-]*$/ };
}

function fieldsOf(place: Place | undefined): Completion[] {
  return (place?.names ?? []).map((label) => {
    const field = place?.below(label);
    return {
      label,
      type: "property",
      apply: `${label}: `,
      ...(field === undefined ? {} : { detail: field.kind }),
      ...(field?.about ? { info: field.about } : {}),
    };
  });
}

function hover(root: Root, view: EditorView, pos: number) {
  const { doc } = view.state;
  const line = doc.lineAt(pos);
  const [, lead = "", key = ""] = /^((?:\s*-\s+)*\s*)([\w./-]+):/.exec(line.text) ?? [];
  const from = line.from + lead.length;
  if (key === "" || pos < from || pos > from + key.length) return null;
  const place = walk(root(doc, line.number), pathTo(doc, line.number, lead.length))?.below(key);
  if (place === undefined || (place.about === "" && place.kind === "")) return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.className = "cm-hover";
    const title = dom.appendChild(document.createElement("code"));
    title.textContent = key;
    dom.append(` ${place.kind}`);
    if (place.about !== "") dom.appendChild(document.createElement("div")).textContent = place.about;
    return { dom };
  };
  return { pos: from, end: from + key.length, create };
}

/** Completion and hover by what `root` knows. */
export const yamlHelp = (root: Root): Extension => [
  autocompletion({ override: [(context) => complete(root, context)] }),
  hoverTooltip((view, pos) => hover(root, view, pos), { hoverTime: 500 }),
];
