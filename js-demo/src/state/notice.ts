// One short message at a time, shown for a while and read out.
import { signal } from "@preact/signals";

export const notice = signal<string | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a message. */
export function notify(message: string): void {
  clearTimeout(timer);
  notice.value = message;
  timer = setTimeout(() => (notice.value = undefined), 6000);
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
