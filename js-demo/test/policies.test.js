// Rego of the visitor's own, its tests, and what does not come to an end.
import assert from "node:assert/strict";
import { test } from "node:test";

import { settled, show, site, write } from "./browser.js";

const it = site();

/** A hundred million million rounds. */
const ROUNDS = `xs := [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]

endless if {
	some a in xs
	some b in xs
	some c in xs
	some d in xs
	some e in xs
	some f in xs
	some g in xs
	some h in xs
	some k in xs
	a + k == -1
}
`;

async function start(page) {
  await show(page, "Policies");
  await page.getByRole("button", { name: "A policy with tests" }).click();
  await page.waitForSelector("text=2 of 2 tests passed");
}

test("a new policy judges the manifest, and its tests run with coverage", async () => {
  await it.visit(async (page) => {
    await start(page);
    assert.equal(await page.locator(".coverage td").last().textContent(), "100 %");
    assert.ok((await page.locator(".cm-covered").count()) > 3);
    assert.equal(await page.locator(".cm-lintRange").count(), 0);
    assert.equal(await page.locator(".findings .line").count(), 3);
    await page.getByRole("button", { name: "our_registry_test.rego", exact: true }).click();
    const label = "Rego file our_registry_test.rego";
    await write(page, label, "package mine.our_registry_test\n\nimport rego.v1\n\nimport data.mine.our_registry\n\ntest_wrong if count(our_registry.violation) == 7 with input as {}\n");
    await page.waitForSelector("text=0 of 1 test passed");
    assert.match(await page.locator(".test").textContent(), /^test_wrong failed$/);
  });
});

test("a mistake in Rego stands where it is, and the others still judge", async () => {
  await it.visit(async (page) => {
    await start(page);
    await write(page, "Rego file our_registry.rego", "package mine.broken\n\nimport rego.v1\n\nviolation contains {\"msg\": m} if {\n\tm := nonsense(1)\n}\n");
    await page.waitForSelector(".cm-mark.mark-critical");
    await page.waitForSelector(".findings .gap >> text=nonsense");
    await show(page, "Check");
    await settled(page);
    assert.ok((await page.locator(".policy.critical").count()) > 0);
  });
});

test("a built-in policy is copied, edited, and put in the other's place", async () => {
  await it.visit(async (page) => {
    await show(page, "Policies");
    await page.getByLabel("Find a built-in policy").fill("CI201");
    await page.locator(".built-in button").first().click();
    await page.waitForSelector("text=package podgate.ci.privileged");
    await page.getByRole("button", { name: "Switch off" }).click();
    await page.getByRole("button", { name: "Edit a copy" }).click();
    await page.waitForSelector("text=package mine.my_privileged");
    await show(page, "Check");
    await page.waitForSelector("text=MY-CI201");
    await settled(page);
    const ids = await page.locator(".policy .id").allTextContents();
    assert.ok(!ids.includes("CI201"), ids.join());
  });
});

test("a test that does not end is stopped, the page says so, and works on", async () => {
  await it.visit(async (page) => {
    await start(page);
    await page.getByRole("button", { name: "our_registry_test.rego", exact: true }).click();
    await write(page, "Rego file our_registry_test.rego", `package mine.loop_test\n\nimport rego.v1\n\ntest_loop if endless\n\n${ROUNDS}`);
    await page.waitForSelector("[role=alert] >> text=stopped after 4 seconds");
    await show(page, "Check");
    await write(page, "File docker-socket.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: 'a:1'}]}\n");
    await page.waitForSelector(".policy.high >> text=CI301");
  });
});

test("a policy that does not end is stopped, the page says so, and works on", async () => {
  await it.visit(async (page) => {
    await start(page);
    // `with` is known to one engine alone, the one that counts no instructions.
    const loop = `package mine.loop\n\nimport rego.v1\n\nviolation contains {"msg": "never"} if {\n\tendless with input.unused as 1\n}\n\n${ROUNDS}`;
    await write(page, "Rego file our_registry.rego", loop);
    await show(page, "Check");
    await page.waitForSelector("[role=alert] >> text=stopped after 4 seconds");
    await show(page, "Policies");
    await page.getByRole("button", { name: "Remove our_registry.rego", exact: true }).click();
    await page.getByRole("button", { name: "Remove our_registry_test.rego", exact: true }).click();
    await show(page, "Check");
    await page.waitForSelector(".verdict.denied");
  });
});
