// Where a visit begins, and what survives a reload of the tab.
import { effect } from "@preact/signals";
import examples from "podgate-examples";
import type { Example } from "podgate-examples";
import { notify } from "./notice";
import { fromFragment, read } from "./share";
import { edition, example, manifests, restore, saved, shown, view } from "./state";

const KEY = "podgate";

/** All examples, in the order of the gallery. */
export const all: Example[] = examples.flatMap((group) => group.examples);

/** Shows an example in the place of the manifests. */
export function open(chosen: Example): void {
  manifests.value = [{ source: chosen.name, text: chosen.text }];
  shown.value = 0;
  example.value = chosen.id;
  edition.value += 1;
  if (view.value === "policies" || view.value === "settings") view.value = "check";
}

async function begin(): Promise<boolean> {
  try {
    const linked = await fromFragment(location.hash);
    if (linked !== undefined) {
      restore(linked);
      return true;
    }
  } catch (error) {
    notify(`This link cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    const kept = sessionStorage.getItem(KEY);
    if (kept === null) return false;
    const { example: opened, ...state } = JSON.parse(kept) as { example?: string };
    restore(read(state));
    example.value = opened;
    return true;
  } catch {
    return false;
  }
}

/** Restores a link or the session, or opens the first example; then keeps every change for this tab. */
export async function startSession(): Promise<void> {
  const [first] = all;
  if (!(await begin()) && first !== undefined) open(first);
  let linked = saved.peek();
  effect(() => {
    const state = saved.value;
    const opened = example.value;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ ...state, example: opened }));
    } catch {
      // Too large, or storage is switched off: then a reload begins anew.
    }
    if (state === linked) return;
    linked = state;
    // The address no longer says what is shown.
    if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  });
  addEventListener("hashchange", () => void begin());
}
