// Coming, leaving and coming back: reloads, files, looks.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { addFile, desktop, isFirefox, phone, settled, show, site, write } from "./browser.js";

const it = site();

test("a reload keeps what was typed", async () => {
  await it.visit(async (page) => {
    await write(page, "File docker-socket.yaml", "kind: Pod\n# kept\n");
    await settled(page);
    await page.reload();
    await page.waitForSelector(".cm-line >> text=# kept");
  });
});

// Firefox's driver does not tell of downloads that a page makes up itself.
test("several files are saved as an archive that tar reads", { skip: isFirefox }, async () => {
  await it.visit(async (page) => {
    await addFile(page, "Kubernetes pod.yaml");
    await write(page, "File pod.yaml", "kind: Pod\n");
    await show(page, "Settings");
    await write(page, "podgate.yaml", "profiles: [ci]\n");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click().then(() => page.getByRole("button", { name: "All files, as an archive" }).click()),
    ]);
    const file = await download.path();
    assert.equal(execFileSync("tar", ["-tf", file], { encoding: "utf8" }), "docker-socket.yaml\npod.yaml\npodgate.yaml\n");
    assert.equal(execFileSync("tar", ["-xOf", file, "pod.yaml"], { encoding: "utf8" }), "kind: Pod\n");
  });
});

test("profiles side by side lead to the place", async () => {
  await it.visit(async (page) => {
    await show(page, "Compare");
    const cells = page.locator("tr", { hasText: "containers[2].securityContext.privileged" }).locator("td");
    await cells.locator("text=CI201").waitFor();
    assert.deepEqual(await cells.evaluateAll((all) => all.map((cell) => cell.querySelector("summary")?.textContent)), ["privileged", "privileged", "CI201CI202"]);
    await cells.last().locator("summary").click();
    assert.match(await cells.last().locator("p").first().innerText(), /is privileged: root in it is root on the node$/);
    await page.getByRole("button", { name: "containers[2].securityContext.privileged" }).click();
    await page.waitForSelector(".cm-lintRange.mark-critical");
  });
});

test("the choice of light or dark stays", async () => {
  await it.visit(
    async (page) => {
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await page.getByRole("button", { name: "Switch between light and dark" }).click();
      const dark = await ground();
      assert.notEqual(dark, light);
      await page.reload();
      await settled(page);
      assert.equal(await ground(), dark);
    },
    { colorScheme: "light" },
  );
});

test("nothing is wider than a phone", async () => {
  await it.visit(
    async (page) => {
      for (const view of ["Check", "Compare", "Policies", "Settings"]) {
        await show(page, view);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.equal(width, phone.width, view);
      }
    },
    { viewport: phone },
  );
});

test("how long the first verdict takes, with nothing in the cache", async () => {
  const times = [];
  for (let run = 0; run < 3; run += 1) {
    await it.visit(async (page) => {
      times.push(await page.evaluate(() => performance.getEntriesByName("first-verdict")[0].startTime));
    }, { viewport: desktop });
  }
  console.log(`first verdict after ${times.map((time) => Math.round(time)).join(", ")} ms`);
});
