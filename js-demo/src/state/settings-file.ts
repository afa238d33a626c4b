// Changes to the text of `podgate.yaml` that leave the rest of it, comments and all, as it was written.
import type { Document } from "yaml";
import { notify } from "./notice";
import { profiles, settings } from "./state";

/** What is put into settings: entries of maps by key, entries of lists after those that are there. */
export interface Patch {
  [key: string]: string | string[] | Patch | Patch[];
}

async function changed(text: string, change: (document: Document) => void): Promise<string> {
  // A file of its own, which only those fetch who change settings by a button.
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  if (document.errors[0] !== undefined) throw new Error(document.errors[0].message);
  change(document);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, ...(isJson(text) ? JSON_STYLE : {}) });
}

const JSON_STYLE = { defaultKeyType: "QUOTE_DOUBLE", defaultStringType: "QUOTE_DOUBLE" } as const;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isPatch = (value: Patch[string]): value is Patch => typeof value === "object" && !Array.isArray(value);

/** Adds to settings; an entry of a list that is there already is not added again. */
export async function merged(text: string, patch: Patch): Promise<string> {
  const { isMap, isScalar, isSeq, visit } = await import("yaml");
  return changed(text, (document) => {
    const node = (value: Patch[string]) => {
      const made = document.createNode(value);
      // Words stand in one line.
      visit(made, { Seq: (_, list) => void (list.flow = list.items.every(isScalar)) });
      return made;
    };
    const merge = (path: string[], value: Patch[string]): void => {
      const there = document.getIn(path);
      if (isPatch(value) && isMap(there)) {
        for (const [key, below] of Object.entries(value)) merge([...path, key], below);
      } else if (Array.isArray(value) && isSeq(there)) {
        const known = new Set((there.toJSON() as unknown[]).map((entry) => JSON.stringify(entry)));
        for (const entry of value) if (!known.has(JSON.stringify(entry))) document.addIn(path, node(entry));
      } else {
        document.setIn(path, node(value));
      }
    };
    for (const [key, value] of Object.entries(patch)) merge([key], value);
  });
}

/** Settings with these profiles in the place of their own. */
export const withProfiles = (text: string, names: string[]): Promise<string> =>
  changed(text, (document) => document.set("profiles", document.createNode(names, { flow: true })));

/** Adds to the settings of the page; what cannot be read is left as it is. */
export async function addSettings(patch: Patch): Promise<void> {
  try {
    settings.value = await merged(settings.value, patch);
  } catch (error) {
    notify(`podgate.yaml must be mended first: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The settings with the profiles that were chosen beside them. */
export async function settingsFile(): Promise<string> {
  const text = settings.value;
  if (profiles.value.length > 0) return withProfiles(text, profiles.value);
  return text.trim() === "" ? "profiles: [ci]\n" : text;
}
