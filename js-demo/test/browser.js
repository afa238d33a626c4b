// A browser, the built site, and a page that fails its test for every console error, refused load and strange request.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium, firefox } from "playwright-core";

import { serve } from "../scripts/serve.js";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** Firefox lets nobody change what it tells a page about looks. */
const AS_IT_IS = { colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null };

/** Which browser it is: `chromium`, or `firefox` where `BROWSER` says so. */
export const isFirefox = process.env.BROWSER === "firefox";

/** Starts Debian's browser. */
export const launch = () =>
  isFirefox
    ? firefox.launch({ channel: "moz-firefox", executablePath: "/usr/bin/firefox-esr" })
    : chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });

/** There is a verdict on what is shown now. */
const READY = ".results:not(.pending) .verdict";

/** For the tests of one file: a browser and a server below a path that is not the root. */
export function site({ base = "/some/where/", ...served } = {}) {
  const it = { url: "", browser: undefined, server: undefined };
  before(async () => {
    it.browser = await launch();
    Object.assign(it, await serve({ base, ...served }));
  });
  after(async () => {
    await it.browser?.close();
    it.server?.closeAllConnections();
    it.server?.close();
  });

  /**
   * Opens the page in a context of its own, waits until it is `ready`, runs `act`, and holds the page to its manners, but
   * for faults that are `expected`.
   */
  it.visit = async (act, { hash = "", ready = READY, expected, ...options } = {}) => {
    const context = await it.browser.newContext({ viewport: desktop, ...options, ...(isFirefox ? AS_IT_IS : {}) });
    if (isFirefox) await context.addInitScript(ownClipboard);
    else await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const faults = watch(page, it.url);
    try {
      await page.goto(it.url + hash);
      await page.waitForSelector(ready);
      await act(page, context);
    } finally {
      await context.close();
    }
    assert.deepEqual(faults.filter((fault) => !expected?.test(fault)), []);
  };
  return it;
}

/** A clipboard for a browser that lets nobody grant the real one. */
function ownClipboard() {
  let kept = "";
  const clipboard = { writeText: async (text) => { kept = text; }, readText: async () => kept };
  Object.defineProperty(navigator, "clipboard", { value: clipboard });
}

/** Everything on the page that should not be. */
function watch(page, url) {
  const faults = [];
  const { origin } = new URL(url);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !/^(blob|data):/.test(address)) faults.push(`request: ${address}`);
  });
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
  return faults;
}

/** Waits until there is a verdict on what is shown now. */
export async function settled(page) {
  await page.waitForSelector(READY);
}

/** Replaces the text of an editor by its label, as a paste does. */
export async function write(page, label, text) {
  const editor = page.getByLabel(label, { exact: true });
  await editor.click();
  await page.keyboard.press("Control+a");
  if (isFirefox) {
    // A page cannot make up a paste there.
    await page.keyboard.insertText(text);
    return;
  }
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Drops files on the page: each a name with its text, its bytes as an array, or its size as a number. */
export async function drop(page, files) {
  const dropped = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const [name, content] of given) {
      const bytes = typeof content === "number" ? new Uint8Array(content) : Array.isArray(content) ? Uint8Array.from(content) : content;
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, Object.entries(files));
  await page.dispatchEvent(".app", "drop", { dataTransfer: dropped });
}

export const show = (page, view) => page.locator("nav.tabs").getByRole("button", { name: view }).click();

/** The tabs of the files: the name of each, and what the page says that it is. */
export const tabs = (page) =>
  page.locator("[aria-label=Files] .name").evaluateAll((names) => names.map((name) => [name.textContent, name.nextElementSibling?.textContent ?? ""]));

/** Begins a file beside the others, as the menu has it. */
export async function addFile(page, title) {
  await page.getByRole("button", { name: "Add a file" }).click();
  await page.getByRole("button", { name: title }).click();
}

/** Opens an example of the gallery. */
export const openExample = (page, title) => page.locator("#gallery").getByRole("button", { name: title, exact: true }).click();

/** Chooses an entry of the export menu, and gives back what then is in the clipboard. */
export async function copied(page, entry) {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("button", { name: entry, exact: true }).click();
  return page.evaluate(async () => {
    for (;;) {
      const text = await navigator.clipboard.readText();
      if (text !== "") return text;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

/** Opens the dialog that has a link to what is shown, and gives back the link. */
export async function sharedLink(page) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const field = await page.waitForFunction(() => document.querySelector(".dialog[open] input")?.value);
  return field.jsonValue();
}
