// One short message at a time, shown for a while and read out.
import { signal } from "@preact/signals";

export interface Notice {
  message: string;
  /** What can be done about it; such a message stays until something is done, or another takes its place. */
  action?: { title: string; act: () => void };
}

export const notice = signal<Notice | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Takes the message away. */
export const dismiss = (): void => void (notice.value = undefined);

/** Shows a message. */
export function notify(message: string, action?: Notice["action"]): void {
  clearTimeout(timer);
  notice.value = action === undefined ? { message } : { message, action };
  if (action === undefined) timer = setTimeout(dismiss, 6000);
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
