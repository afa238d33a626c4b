// axe finds nothing, in either theme, on a desk and on a phone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { desktop, drop, openExample, phone, settled, show, site } from "./browser.js";

const it = site();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function clean(page, where) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.flat(9).join(" ")} ${node.any[0]?.message ?? ""}`).join("\n    ")}`);
  assert.deepEqual(found, [], where);
}

/** Opens an example, also where the gallery is folded away. */
async function openAny(page, title) {
  if (await page.locator("#gallery").isHidden()) await page.getByRole("button", { name: "Examples" }).click();
  await openExample(page, title);
  await settled(page);
}

for (const [device, viewport] of Object.entries({ desktop, phone })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe is content: ${device}, ${colorScheme}`, async () => {
      await it.visit(
        async (page) => {
          // Through the debugger, which the page's security policy does not bind.
          await page.evaluate(axe);
          await clean(page, "check");
          await page.evaluate(() => document.querySelectorAll("details:not([open]) > summary").forEach((fold) => fold.click()));
          await page.waitForSelector(".markdown h6");
          await clean(page, "unfolded");
          await openAny(page, "One repository, three systems");
          await page.locator(".kind", { hasText: "Argo" }).waitFor();
          await clean(page, "several files");
          await page.getByRole("button", { name: "Add a file" }).click();
          await clean(page, "menu of new files");
          await page.keyboard.press("Escape");
          await page.getByRole("button", { name: "Rename the file" }).click();
          await clean(page, "new name");
          await page.keyboard.press("Escape");
          await show(page, "Compare");
          await page.waitForSelector(".chip");
          await clean(page, "compare");
          await show(page, "Policies");
          await page.waitForSelector(".built-in li");
          await clean(page, "built-in policies");
          await page.getByRole("button", { name: "A policy with tests" }).click();
          await page.waitForSelector("text=2 of 2 tests passed");
          await clean(page, "own policies");
          await show(page, "Settings");
          await settled(page);
          await clean(page, "settings");
          await page.getByRole("button", { name: "Export", exact: true }).click();
          await clean(page, "menu");
          await page.keyboard.press("Escape");
          await page.getByRole("button", { name: "Share", exact: true }).click();
          await page.waitForSelector(".dialog[open]");
          await clean(page, "dialog");
        },
        { viewport, colorScheme },
      );
    });
  }
}

test("axe is content with what could not be judged, and the page is as wide as the screen", async () => {
  const views = { Check: ".gap", Compare: ".gap", Policies: ".built-in li", Settings: ".gap" };
  const narrow = { width: 320, height: 640 };
  await it.visit(
    async (page) => {
      await drop(page, { "broken.yaml": [0xff], "a-rather-long-name-of-a-manifest.yaml": "kind: [", "another-name-of-that-length.yaml": "kind: Pod", Jenkinsfile: "standardPipeline()" });
      await page.evaluate(axe);
      for (const [view, ready] of Object.entries(views)) {
        await show(page, view);
        await page.waitForSelector(ready);
        await settled(page).catch(() => undefined);
        await clean(page, view);
        for (const size of [narrow, phone, desktop]) {
          await page.setViewportSize(size);
          await page.evaluate(() => new Promise(requestAnimationFrame));
          assert.deepEqual(await page.evaluate(outside), [], `${view} at ${size.width}`);
        }
      }
    },
    { viewport: phone },
  );
});

/** What the page is too narrow for, and which buttons above an editor lie over its names. */
function outside() {
  const name = (element) => element.getAttribute("aria-label") ?? element.textContent;
  const box = (element) => element.getBoundingClientRect();
  const buttons = [...document.querySelectorAll(".bar .tool, .files > .tool, .files .end .tool")];
  const list = document.querySelector(".files > ul");
  return [
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page"] : []),
    ...buttons.filter((one) => box(one).right > innerWidth || box(one).left < 0).map(name),
    ...(list === null ? [] : buttons.filter((one) => one.parentElement === list.parentElement && box(one).left < box(list).right - 1).map(name)),
    ...(list === null || getComputedStyle(list).overflowX === "auto" ? [] : ["the list of files"]),
  ];
}
