// Pictures of the built site: the few that the documentation shows, or with a folder as argument each view in every
// size and theme, to look at.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import optimise, { init } from "@jsquash/oxipng/optimise.js";

import { desktop, launch, openExample, phone, settled, show } from "../test/browser.js";
import { serve } from "./serve.js";

const compact = { width: 1280, height: 800 };

/** What is done before each picture. */
const views = {
  check: async (page) => {
    await openPlace(page);
  },
  clean: async (page) => {
    await choose(page, "ko, for Go");
    await page.waitForSelector(".verdict.clean");
  },
  repository: async (page) => {
    await choose(page, "One repository, three systems");
    await page.locator(".kind", { hasText: "Argo" }).waitFor();
    await openPlace(page);
  },
  toml: async (page) => {
    await choose(page, "GitLab Runner, config.toml");
    await openPlace(page);
  },
  xml: async (page) => {
    await choose(page, "Jenkins, config.xml");
    await openPlace(page);
  },
  files: async (page) => {
    await choose(page, "One repository, three systems");
    await page.getByRole("button", { name: "Add a file" }).click();
  },
  rename: async (page) => {
    await choose(page, "One repository, three systems");
    await page.getByRole("button", { name: "Rename the file" }).click();
  },
  compared: async (page) => {
    await choose(page, "One repository, three systems");
    await show(page, "Compare");
    await page.waitForSelector(".chip");
  },
  compare: async (page) => {
    await show(page, "Compare");
    await page.waitForSelector(".chip");
  },
  policies: async (page) => {
    await show(page, "Policies");
    await page.getByRole("button", { name: "A policy with tests" }).click();
    await page.waitForSelector("text=2 of 2 tests passed");
  },
  settings: async (page) => {
    await show(page, "Settings");
    await page.getByRole("button", { name: "Exempt for a time" }).click();
    await page.waitForSelector(".cm-line >> text=exemptions");
    await settled(page);
  },
  page: async (page) => {
    await page.locator(".page summary").first().click();
    await page.waitForSelector(".markdown h6");
  },
  menu: async (page) => {
    await page.getByRole("button", { name: /^Profile/ }).click();
    await page.getByLabel("pss-restricted").check();
  },
  gallery: async (page) => {
    if (await page.locator("#gallery").isHidden()) await page.getByRole("button", { name: "Examples" }).click();
  },
  share: async (page) => {
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.waitForSelector(".dialog[open]");
  },
};

/** The worst finding selected, so that its place is in view. */
async function openPlace(page) {
  await page.locator(".policy .place").first().click();
  await page.locator(".verdict").scrollIntoViewIfNeeded();
}

async function choose(page, title) {
  if (await page.locator("#gallery").isHidden()) await page.getByRole("button", { name: "Examples" }).click();
  await openExample(page, title);
  await settled(page);
}

/** The pictures of the documentation. */
const documented = [
  { name: "playground", view: "check", viewport: compact, colorScheme: "light" },
  { name: "playground-compare", view: "compare", viewport: compact, colorScheme: "light" },
  { name: "playground-policies", view: "policies", viewport: compact, colorScheme: "dark" },
  { name: "playground-phone", view: "check", viewport: phone, colorScheme: "light" },
];

function everything() {
  const sizes = Object.entries({ desktop, phone });
  return sizes.flatMap(([size, viewport]) =>
    ["light", "dark"].flatMap((colorScheme) =>
      Object.keys(views).map((view) => ({ name: `${size}-${colorScheme}-${view}`, view, viewport, colorScheme })),
    ),
  );
}

const [, , folder] = process.argv;
const target = folder ?? fileURLToPath(new URL("../../docs/images/", import.meta.url));
mkdirSync(target, { recursive: true });
globalThis.ImageData ??= class {};
await init(readFileSync(createRequire(import.meta.url).resolve("@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm")));
const { server, url } = await serve();
const browser = await launch();
try {
  for (const { name, view, ...options } of folder === undefined ? documented : everything()) {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    await page.goto(url);
    await settled(page);
    await views[view](page);
    await page.evaluate(() => document.fonts.ready);
    const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
    const small = folder === undefined ? await optimise(picture, { level: 4 }) : picture;
    writeFileSync(join(target, `${name}.png`), new Uint8Array(small));
    console.log(`${name}.png  ${small.byteLength ?? small.length} bytes`);
    await context.close();
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
