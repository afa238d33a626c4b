// Nothing is called clean that is not, and nothing old passes for new.
import assert from "node:assert/strict";
import { test } from "node:test";

import { settled, sharedLink, show, site, write } from "./browser.js";
import { source } from "./source.js";

const it = site();
const load = source();

const POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: ci}\nspec:\n  automountServiceAccountToken: false\n  hostPID: true\n  containers: [{name: a, image: 'registry.example.com/a:1'}]\n";
const GOOD = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: ci}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: a
      image: registry.example.com/a@sha256:${"0".repeat(64)}
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1, memory: 1Gi}}
`;
const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

/** A link with a state in which nothing else is set. */
async function link(state) {
  const { toFragment } = await load("state/share.ts");
  return toFragment({ manifests: [{ source: "a.yaml", text: POD }], profiles: [], settings: "", policies: [], ...state });
}

const title = (page) => page.locator(".verdict h2").first().innerText();

/** What the columns of Compare say, and what stands below them. */
async function compared(page) {
  await show(page, "Compare");
  await page.waitForFunction(() => document.querySelectorAll(".compare thead .badge").length >= 3);
  const heads = await page.locator(".compare thead .badge").allInnerTexts();
  return { heads: [...new Set(heads)], table: await page.locator(".compare tbody").innerText() };
}

const notAll = "Not all could be judged, and what could has no findings.";
const broken = {
  "a text that cannot be read": [{ manifests: [{ source: "a.yaml", text: "kind: [" }] }, "1 not evaluated"],
  "a policy that does not load": [
    { manifests: [{ source: "a.yaml", text: CONFIG }], policies: [{ path: "b.rego", text: "package a\nviolation contains" }] },
    "1 policy failed",
  ],
  "a policy that fails when it judges": [
    {
      manifests: [{ source: "a.yaml", text: GOOD }],
      policies: [{ path: "b.rego", text: "package a\n\nimport rego.v1\n\nx := 1\n\nx := 2 if input.kind\n\nviolation contains {\"msg\": \"m\"} if x == 3\n" }],
    },
    "1 policy failed",
  ],
};

for (const [name, [state, missing]] of Object.entries(broken)) {
  test(`${name} is clean in no view`, async () => {
    await it.visit(
      async (page) => {
        assert.equal(await title(page), "Not all could be judged");
        assert.equal(await page.locator(".tabs .count.failed .unseen").textContent(), ` ${missing}`);
        assert.equal(await page.locator(".app > [aria-live]").textContent(), `Not all could be judged, ${missing}`);
        const { heads, table } = await compared(page);
        assert.deepEqual(heads, [missing]);
        assert.equal(table.trim(), notAll);
      },
      { hash: await link(state) },
    );
  });
}

const EXEMPT = "profiles: [pss-baseline]\nexemptions:\n  - policies: [hostNamespaces]\n    match: {namespaces: [ci]}\n    reason: ours\n    expires: 2099-01-01\n";

test("what settings exempt is said, and that a link brought them", async () => {
  await it.visit(
    async (page) => {
      assert.equal(await title(page), "Clean, 1 exempted");
      assert.equal(await page.locator(".verdict.clean").count(), 0);
      await page.waitForSelector(".notes >> text=(ours)");
      await page.waitForSelector("text=The settings came with the link.");
      await page.reload();
      await page.waitForSelector("text=The settings came with the link.");
      await page.getByRole("button", { name: "Show the settings" }).click();
      await write(page, "podgate.yaml", "profiles: [ci]\n");
      await show(page, "Check");
      await settled(page);
      assert.equal(await page.locator("text=The settings came with the link.").count(), 0);
    },
    { hash: await link({ settings: EXEMPT }) },
  );
});

test("what settings switch off is said, and a set of no policy is not clean", async () => {
  const manifests = [{ source: "a.yaml", text: POD.replace("  hostPID: true\n", "") }];
  await it.visit(
    async (page) => {
      assert.equal(await title(page), "Clean, with 2 policies switched off");
      assert.equal(await page.locator(".verdict.clean").count(), 0);
      await page.waitForSelector(".verdict >> text=The settings switch off PSS-hostPorts, PSS-privileged.");
      const { heads } = await compared(page);
      assert.ok(heads.includes("Clean, with 2 policies switched off"), heads.join());
    },
    { hash: await link({ manifests, settings: "profiles: [pss-baseline]\npolicies: {privileged: {mode: off}, hostPorts: {mode: off}}\n" }) },
  );
  const baseline = [
    "appArmorProfile", "capabilities_baseline", "hostNamespaces", "hostPathVolumes", "hostPorts", "hostProbesAndHostLifecycle", "privileged", "procMount",
    "seLinuxOptions", "seccompProfile_baseline", "sysctls", "windowsHostProcess",
  ];
  await it.visit(
    async (page) => assert.equal(await title(page), "No policy judges"),
    { hash: await link({ settings: `profiles: [pss-baseline]\npolicies: {${baseline.map((name) => `${name}: {mode: off}`).join(", ")}}\n` }) },
  );
});

test("what is of an older text is dimmed and busy until the answer is there", async () => {
  await it.visit(async (page) => {
    // The page as it is while no answer comes.
    await page.evaluate(() => {
      const { postMessage } = Worker.prototype;
      globalThis.held = [];
      Worker.prototype.postMessage = function hold(message) {
        if (message.kind === "judge") globalThis.held.push(() => postMessage.call(this, message));
        else postMessage.call(this, message);
      };
    });
    await write(page, "File docker-socket.yaml", POD);
    await page.waitForSelector(".results[aria-busy=true]");
    await page.waitForFunction(() => getComputedStyle(document.querySelector(".results > .findings")).opacity === "0.5");
    await page.waitForFunction(() => getComputedStyle(document.querySelector(".results > .judging")).visibility === "visible");
    await page.waitForFunction(() => globalThis.held.length === 1);
    // Typed while the question is on its way: its answer is of an older text.
    await write(page, "File docker-socket.yaml", CONFIG);
    await page.evaluate(() => globalThis.held.shift()());
    await page.waitForFunction(() => globalThis.held.length === 1);
    assert.equal(await page.locator(".results").getAttribute("aria-busy"), "true");
    assert.ok(!(await page.locator(".results").innerText()).includes("CI301"));
    await page.evaluate(() => globalThis.held.shift()());
    await page.waitForSelector(".results[aria-busy=false] >> text=Nothing to judge");
  });
});

test("a column of Compare says what its own profile says, whichever is chosen", async () => {
  await it.visit(
    async (page) => {
      await page.waitForSelector(".compare .chip");
      await page.getByLabel("Profile of column 1").selectOption("psp:restricted");
      await page.getByLabel("Kubernetes version of pss-restricted").selectOption("v1.24");
      await page.waitForFunction(() => !document.querySelector(".compare thead").innerText.includes("Judging"));
      const row = page.locator("tr", { hasText: "hostPID" }).first().locator("td");
      assert.equal(await row.first().locator(".chip").count(), 1);
      const { fromFragment } = await load("state/share.ts");
      const { columns, view } = await fromFragment(new URL(await sharedLink(page)).hash);
      assert.deepEqual({ columns, view }, { columns: ["psp:restricted", "pss-restricted:v1.24", "ci"], view: "compare" });
    },
    { hash: await link({ view: "compare" }), ready: ".compare" },
  );
});

test("where there is no verdict, the effect of policies says so", async () => {
  const policies = [{ path: "a.rego", text: "package mine.a\n\nimport rego.v1\n\nviolation contains {\"msg\": \"mine\"} if true\n" }];
  await it.visit(
    async (page) => {
      assert.equal(await page.locator(".verdict h2").innerText(), "No verdict");
      assert.equal(await page.locator("text=Your policies find nothing there.").count(), 0);
    },
    { hash: await link({ settings: "nonsense: 1\n", policies, view: "policies" }), ready: ".results .verdict" },
  );
});

test("marks stand right behind a byte order mark, and Windows' line ends stay", async () => {
  const text = "\ufeff{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostPID: true}}\r\n# end\r\n";
  await it.visit(
    async (page) => {
      await page.waitForSelector(".cm-lintRange.mark-critical, .cm-lintRange.mark-high");
      assert.equal(await page.locator(".cm-lintRange").first().textContent(), "true");
      const kept = () => page.evaluate(() => { dispatchEvent(new Event("pagehide")); return JSON.parse(sessionStorage.getItem("podgate")).manifests[0].text; });
      assert.equal(await kept(), text);
      await page.getByLabel("File a.yaml").click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("# more");
      assert.equal(await kept(), `${text}# more`);
    },
    { hash: await link({ manifests: [{ source: "a.yaml", text }] }) },
  );
});

test("undo outlives another view", async () => {
  await it.visit(async (page) => {
    await write(page, "File docker-socket.yaml", POD);
    await settled(page);
    await show(page, "Settings");
    await show(page, "Check");
    await page.getByLabel("File docker-socket.yaml").click();
    await page.keyboard.press("Control+z");
    await page.waitForSelector(".cm-line >> text=docker.sock");
  });
});
