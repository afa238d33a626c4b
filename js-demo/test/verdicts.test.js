// The page says what the command line says.
import assert from "node:assert/strict";
import { test } from "node:test";

import { examples } from "../scripts/examples.js";
import { copied, openExample, settled, show, site, write } from "./browser.js";
import { podgate } from "./cli.js";
import { source } from "./source.js";

const it = site();
const load = source();
const all = examples().flatMap((group) => group.examples);

test("every example gives the bytes that the command line prints", async () => {
  await it.visit(async (page) => {
    for (const { title, files } of all) {
      await openExample(page, title);
      await page.locator(".files .current .name", { hasText: files[0].name }).waitFor();
      const report = await copied(page, "Report as JSON");
      assert.equal(report, podgate(["check", "--format", "json", ...files.map(({ name }) => name)], files), title);
    }
  });
  console.log(`${all.length} examples, 0 differences`);
});

test("examples that pass are clean from medium on, and the others are not", async () => {
  await it.visit(async (page) => {
    for (const group of examples()) {
      for (const { title, files } of group.examples) {
        await openExample(page, title);
        await page.locator(".files .current .name", { hasText: files[0].name }).waitFor();
        const { findings } = JSON.parse(await copied(page, "Report as JSON")).summary;
        const worst = findings.critical + findings.high + findings.medium;
        assert.equal(worst === 0, group.title === "Builds that pass", `${title}: ${JSON.stringify(findings)}`);
      }
    }
  });
});

test("other formats, profiles, settings and policies give the same, too", async () => {
  const [{ name, text }] = all[0].files;
  const settings = "policies:\n  CI201:\n    mode: warn\n";
  await it.visit(async (page) => {
    await page.getByRole("button", { name: /^Profile/ }).click();
    await page.getByLabel("pss-restricted", { exact: false }).check();
    await page.getByLabel("Kubernetes version of pss-restricted").selectOption("v1.24");
    await page.getByLabel("ci against pods").check();
    await page.keyboard.press("Escape");
    await show(page, "Settings");
    await write(page, "podgate.yaml", settings);
    await settled(page);
    const files = [{ name, text }, { name: "podgate.yaml", text: settings }];
    const command = await copied(page, "Command line");
    assert.equal(command, `podgate check --profile pss-restricted:v1.24 --profile ci --settings podgate.yaml ${name}`);
    const args = command.split(" ").slice(1);
    for (const [entry, format] of [["Report as JSON", "json"], ["Report as SARIF", "sarif"], ["Report as JUnit", "junit"], ["Report for GitLab", "gitlab"]]) {
      assert.equal(await copied(page, entry), podgate([...args, "--format", format], files), format);
    }
    assert.equal(await copied(page, "Settings as podgate.yaml"), `${settings}profiles: [pss-restricted:v1.24, ci]\n`);
  });
});

test("exported files give the same, whatever they are called", async () => {
  const { toFragment } = await load("state/share.ts");
  const { allFiles } = await load("state/files.ts");
  const state = await load("state/state.ts");
  const [{ text }] = all[0].files;
  // As settings the first would switch off what finds the others.
  const off = "policies:\n  CI201:\n    mode: off\n";
  const manifests = [["podgate.yaml", off], ["pod.yaml", text], ["./pod.yaml", text], ["policies/a.yaml", text]].map(([source, text]) => ({ source, text }));
  const hash = await toFragment({ manifests, profiles: [], settings: "", policies: [] });
  await it.visit(
    async (page) => {
      state.manifests.value = manifests;
      const files = allFiles();
      const names = new Map(files.map(({ name }, index) => [name, manifests[index].source]));
      const found = (report) => JSON.parse(report).findings.map(({ source, policy, pointer }) => [names.get(source) ?? source, policy, pointer].join(" ")).sort();
      const args = (await copied(page, "Command line")).split(" ").slice(1);
      const printed = found(podgate([...args, "--format", "json"], files));
      assert.deepEqual(printed, found(await copied(page, "Report as JSON")));
      assert.equal(printed.filter((line) => line.includes(" CI201 ")).length, 3);
    },
    { hash },
  );
});
