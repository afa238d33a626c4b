// Where a visit begins, and what survives a reload of the tab.
import { effect } from "@preact/signals";
import examples from "podgate-examples";
import type { Example } from "podgate-examples";
import { leadsTo, remember, replacing } from "./lost";
import { notify } from "./notice";
import { fromFragment, isLink, read } from "./share";
import { content, edition, example, linked, manifests, restore, saved, settings, shown, unread, view } from "./state";
import type { Unread } from "./state";

const KEY = "podgate";

/** How long nothing must change before it is kept. */
const PAUSE_MS = 300;

/** All examples, in the order of the gallery. */
export const all: Example[] = examples.flatMap((group) => group.examples);

/** Shows an example in the place of the files. */
export function open(chosen: Example): void {
  replacing("The example took the place of what was here", () => {
    manifests.value = chosen.files.map(({ name, text }) => ({ source: name, text }));
    shown.value = 0;
    example.value = chosen.id;
    unread.value = [];
    edition.value += 1;
    if (view.value === "policies" || view.value === "settings") view.value = "check";
  });
}

/** Whether what changes is what the address says. */
let following = false;

/** Takes over what a link holds, where the address is one; the work that makes room for it can be had back. */
async function follow(): Promise<boolean> {
  const { hash } = location;
  if (!isLink(hash)) return false;
  try {
    const brought = await fromFragment(hash);
    const { isLost, back } = remember();
    following = true;
    restore(brought);
    following = false;
    linked.value = settings.value === "" ? undefined : settings.value;
    if (isLost()) notify("The link took the place of what was here", leadsTo(back));
    return true;
  } catch (error) {
    notify(`This link cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** What a tab keeps beside the state that a link would hold, too. */
interface Kept {
  example?: string;
  linked?: string;
  unread?: Unread[];
}

/** Takes over what this tab showed before. */
function resume(): boolean {
  try {
    const kept = sessionStorage.getItem(KEY);
    if (kept === null) return false;
    const { example: opened, linked: brought, unread: missed = [], ...state } = JSON.parse(kept) as Kept;
    // Of the visitor's own there may be more than a link may bring.
    restore(read(state, Infinity));
    example.value = opened;
    linked.value = brought;
    unread.value = missed;
    return true;
  } catch {
    return false;
  }
}

function keep(): void {
  const kept = { ...saved.peek(), example: example.peek(), linked: linked.peek(), unread: unread.peek() };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Too large, or storage is switched off. Then a reload begins anew, rather than with what was there before.
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // Nothing was kept.
    }
  }
}

/** Restores a link or the session, or opens the first example; then keeps every change for this tab. */
export async function startSession(): Promise<void> {
  const [first] = all;
  const isResumed = resume();
  if (!(await follow()) && !isResumed && first !== undefined) open(first);
  let last = content.peek();
  effect(() => {
    void [saved.value, example.value, unread.value];
    const timer = setTimeout(keep, PAUSE_MS);
    return () => clearTimeout(timer);
  });
  effect(() => {
    const now = content.value;
    if (now === last) return;
    last = now;
    // The address no longer says what is shown.
    if (!following && isLink(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  });
  addEventListener("pagehide", keep);
  addEventListener("hashchange", () => void follow());
}
