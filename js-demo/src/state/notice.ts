// One short message at a time, shown for a while and read out.
import { signal } from "@preact/signals";
import { visible } from "./visible";

export interface Notice {
  message: string;
  /** What can be done about it. */
  action?: { title: string; act: () => void };
  /** Whether it stays until it is closed, or another takes its place. */
  stays: boolean;
}

export const notice = signal<Notice | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Takes the message away. */
export const dismiss = (): void => void (notice.value = undefined);

/** Shows a message; one about which something can be done stays, as others do that say so. */
export function notify(message: string, action?: Notice["action"], stays = action !== undefined): void {
  clearTimeout(timer);
  notice.value = { message: visible(message), stays, ...(action === undefined ? {} : { action }) };
  if (!stays) timer = setTimeout(dismiss, 6000);
}

/** Copies a text, and says so. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(`${what} copied`);
  } catch {
    notify("The browser does not let this page copy");
  }
}
