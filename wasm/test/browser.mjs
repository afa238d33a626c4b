// Chromium, and a server for its pages.

import { createReadStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium as playwright } from "playwright-core";

const CHROMIUM = process.env.PODGATE_CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** A browser for one test, or `undefined` where none is installed, which the test then says. */
export async function chromium(t) {
  if (
    !(await access(CHROMIUM).then(
      () => true,
      () => false,
    ))
  ) {
    t.skip(`there is no \`${CHROMIUM}\``);
    return undefined;
  }
  const browser = await playwright.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  t.after(() => browser.close());
  return browser;
}

/** Serves a folder, and pages beside its files; gives the address. */
export async function serve(t, folder, pages = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname).slice(1) || "index.html";
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    if (Object.hasOwn(pages, path)) {
      response.writeHead(200, { "content-type": type }).end(pages[path]);
      return;
    }
    const file = join(folder, path);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) {
      createReadStream(file).pipe(response.writeHead(200, { "content-type": type }));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Opens a page and waits for its title to begin with `done`; errors and requests that fail are failures. */
export async function outcome(browser, address) {
  const page = await browser.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(address);
  await page.waitForFunction(() => document.title.startsWith("done"), null, { timeout: 30_000 }).catch(() => undefined);
  const title = await page.title();
  if (wrong.length > 0) {
    throw new Error(`the page at ${address} says: ${wrong.join("; ")}`);
  }
  return title;
}
