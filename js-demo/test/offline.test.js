// The site without a network, beside other sites, and when there is a newer one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openExample, settled, site } from "./browser.js";
import { source } from "./source.js";

const it = site();
const load = source();

/** Whether the site is kept: the service worker has begun to work. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active !== null));

async function leaveTheNetwork(page, context) {
  assert.ok(await kept(page));
  await context.setOffline(true);
  await page.reload();
  await settled(page);
}

test("it works without a network once it was there", async () => {
  await it.visit(async (page, context) => {
    await leaveTheNetwork(page, context);
    await openExample(page, "ARC's dind sidecar");
    await page.waitForSelector(".policy.critical .where >> text=arc-dind.yaml");
    await page.locator(".page summary").first().click();
    await page.waitForSelector(".markdown h6");
  });
});

test("it works without a network for those who came by a link, too", async () => {
  const { toFragment } = await load("state/share.ts");
  const hash = await toFragment({ manifests: [{ source: "linked.yaml", text: "# linked\n" }], profiles: [], settings: "", policies: [] });
  await it.visit(
    async (page, context) => {
      await leaveTheNetwork(page, context);
      await page.waitForSelector(".cm-line >> text=# linked");
    },
    { hash },
  );
});

test("what other sites of the same origin keep is left to them", async () => {
  await it.visit(async (page) => {
    await kept(page);
    const own = await page.evaluate(async () => {
      await caches.open("podgate http://else/ 1");
      await caches.open("podgate-0123456789abcdef");
      const registration = await navigator.serviceWorker.ready;
      await caches.open(`podgate ${registration.scope} old`);
      return registration.scope;
    });
    it.added["offline.js"] = "// a newer one\n";
    await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()));
    await page.waitForSelector(".notice >> text=There is a newer version of this page");
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Reload" }).click()]);
    await settled(page);
    const names = async () => (await page.evaluate(() => caches.keys())).map((name) => name.replace(own, "<own> ")).sort();
    assert.deepEqual((await names()).map((name) => name.replace(/ [\da-f]{16}$/, " <version>")), ["podgate <own>  <version>", "podgate http://else/ 1", "podgate-0123456789abcdef"]);
    assert.equal(await page.locator(".notice").count(), 0);
    delete it.added["offline.js"];
  });
});

test("where the cache cannot be read, the network is asked", async () => {
  it.added["offline.js"] = "addEventListener('activate', () => { caches.open = async () => { throw new Error('no storage'); }; });\n";
  try {
    await it.visit(async (page) => {
      assert.ok(await kept(page));
      await page.reload();
      await settled(page);
    });
  } finally {
    delete it.added["offline.js"];
  }
});
