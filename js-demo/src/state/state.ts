// Everything that a visitor can change, and nothing that follows from it.
import { batch, computed, signal } from "@preact/signals";
import type { Manifest } from "../engine/protocol";
import type { RegoFile } from "../engine/podgate";

export type View = "check" | "compare" | "policies" | "settings";

/** A built-in policy by id, or a file of the visitor's by path. */
export type Selected = { id: string } | { path: string };

/** What is judged, and with what. */
export interface Content {
  manifests: Manifest[];
  profiles: string[];
  settings: string;
  policies: RegoFile[];
}

/** A file that could not be taken in, and why. */
export interface Unread {
  name: string;
  reason: string;
}

/** What a link and the browser's session keep: what is judged, and what of it is shown. */
export interface Saved extends Content {
  view: View;
  shown: number;
  columns: string[];
  selected?: Selected | undefined;
}

/** The files, judged as one run: each may look up what another defines. */
export const manifests = signal<Manifest[]>([]);
/** Which of them the editor shows. */
export const shown = signal(0);
/** Profiles that replace those of the settings; none leaves it to the settings. */
export const profiles = signal<string[]>([]);
/** The text of `podgate.yaml`. */
export const settings = signal("");
/** Rego of the visitor's own. */
export const policies = signal<RegoFile[]>([]);

/** The example that was opened, as long as it is unchanged. */
export const example = signal<string | undefined>(undefined);
/** Files that belong to what is shown, and could not be taken in. */
export const unread = signal<Unread[]>([]);
/** Counts up when texts are replaced as a whole, so that editors begin anew. */
export const edition = signal(0);
export const view = signal<View>("check");
/** The profiles that are compared at first. */
export const START = ["pss-baseline", "pss-restricted", "ci"];
/** The profiles that are compared. */
export const columns = signal(START);
/** Which Rego is shown; the first there is, where nothing was chosen. */
export const selected = signal<Selected | undefined>(undefined);
/** The settings as a link brought them: whoever made it chose what is not to be found. */
export const linked = signal<string | undefined>(undefined);

/** What the engine is to judge with. */
export const choice = computed(() => ({
  profiles: profiles.value,
  settings: settings.value,
  policies: policies.value,
}));

/** What is judged, and with what. */
export const content = computed<Content>(() => ({ manifests: manifests.value, ...choice.value }));

/** The state as it is kept. */
export const saved = computed<Saved>(() => ({
  ...content.value,
  view: view.value,
  shown: shown.value,
  columns: columns.value,
  selected: selected.value,
}));

/** Takes over a kept state. */
export function restore(state: Saved): void {
  batch(() => {
    manifests.value = state.manifests;
    profiles.value = state.profiles;
    settings.value = state.settings;
    policies.value = state.policies;
    view.value = state.view;
    shown.value = state.shown;
    columns.value = state.columns;
    selected.value = state.selected;
    example.value = undefined;
    unread.value = [];
    edition.value += 1;
  });
}

/** The name of a file that nobody gave one: without an ending, so that its content tells what it is. */
export const UNNAMED = "untitled";

/** Changes the text of one file. */
export function edit(source: string, text: string): void {
  manifests.value = manifests.value.map((one) => (one.source === source ? { source, text } : one));
  example.value = undefined;
}

/** Changes the text of one of the visitor's Rego files. */
export function editPolicy(path: string, text: string): void {
  policies.value = policies.value.map((one) => (one.path === path ? { path, text } : one));
}

/** Gives names out, each once: a name that is taken already gets a number. */
export function namer(taken: Iterable<string> = []): (wanted: string) => string {
  const names = new Set(taken);
  const numbers = new Map<string, number>();
  return (wanted) => {
    let name = wanted;
    let number = numbers.get(wanted) ?? 1;
    if (names.has(wanted)) {
      const [, stem = wanted, end = ""] = /^(.*?)((?:_test)?\.[^.]*)?$/.exec(wanted) ?? [];
      while (names.has(name)) name = `${stem}-${(number += 1)}${end}`;
      numbers.set(wanted, number);
    }
    names.add(name);
    return name;
  };
}

/** A name that none of `taken` has, made from `wanted`. */
export const freeName = (wanted: string, taken: string[]): string => namer(taken)(wanted);
