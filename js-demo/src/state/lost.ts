// The way back where work of the visitor's makes room for something else.
import { batch } from "@preact/signals";
import { notify } from "./notice";
import { example, linked, restore, saved, unread } from "./state";
import type { Saved } from "./state";

/** Whether something of the visitor's is gone: an example that nobody touched is not theirs. */
function isLost(before: Saved, opened: string | undefined): boolean {
  const now = saved.peek();
  const texts = new Set(now.manifests.map(({ text }) => text));
  const rego = new Set(now.policies.map(({ text }) => text));
  return (
    (opened === undefined && before.manifests.some(({ text }) => text.trim() !== "" && !texts.has(text))) ||
    before.policies.some(({ text }) => text.trim() !== "" && !rego.has(text)) ||
    (before.settings.trim() !== "" && before.settings !== now.settings) ||
    (before.profiles.length > 0 && before.profiles.join() !== now.profiles.join())
  );
}

/** The state as it is now, to be had back later. */
export function remember(): { isLost: () => boolean; back: () => void } {
  const [before, opened, brought, missed] = [saved.peek(), example.peek(), linked.peek(), unread.peek()];
  const back = () =>
    batch(() => {
      restore(before);
      example.value = opened;
      linked.value = brought;
      unread.value = missed;
    });
  return { isLost: () => isLost(before, opened), back };
}

/** What leads back, as a notice offers it. */
export const leadsTo = (back: () => void) => ({ title: "Go back to it", act: back });

/** Does what replaces a part of the state; where work is lost by it, says so and offers it back. */
export function replacing(message: string, act: () => void): void {
  const { isLost, back } = remember();
  act();
  if (isLost()) notify(message, leadsTo(back));
}
