// What is no manifest: Jenkinsfiles, pipelines, settings of runners. Each is told by its name and content, shown as what
// it is, and marked where it is wrong.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { examples } from "../scripts/examples.js";
import { addFile, copied, drop, isFirefox, openExample, settled, sharedLink, show, site, tabs, write } from "./browser.js";
import { source } from "./source.js";

const it = site();
const load = source();

const gallery = examples();
const find = (id) => gallery.flatMap((group) => group.examples).find((one) => one.id === id);

/** What the page says that the examples of pipelines, runners and controllers are. */
const KINDS = {
  "github-workflow": "GitHub Actions", "gitlab-ci": "GitLab CI", tekton: "Tekton", "argo-workflow": "Argo", "argo-events": "Argo", prow: "Prow",
  woodpecker: "Woodpecker", drone: "Drone", buildkite: "Buildkite", azure: "Azure Pipelines", concourse: "Concourse", openshift: "OpenShift",
  shipwright: "Shipwright", "gitlab-runner": "GitLab Runner", "gitlab-runner-chart": "GitLab Runner", "jenkins-casc": "Jenkins", "jenkins-config": "Jenkins",
  "arc-default": "GitHub Actions", "arc-chart": "GitHub Actions", "arc-hooks": "GitHub Actions", "tekton-defaults": "Tekton", "argo-controller": "Argo",
  circleci: "CircleCI", knative: "Knative", spark: "Spark", keda: "KEDA",
  // Its name says it already.
  jenkinsfile: "",
};

/** The colours of the lines under the worst marks, and the one that they should have. */
const lines = (page) => page.evaluate(() => {
  const { shadowRoot } = document.querySelector(".editor");
  const probe = shadowRoot.appendChild(document.createElement("i"));
  probe.style.setProperty("color", "var(--critical)");
  const wanted = getComputedStyle(probe).color;
  probe.remove();
  return [...shadowRoot.querySelectorAll(".cm-lintRange.mark-critical")].map((one) => getComputedStyle(one).textDecorationColor === wanted);
});

/** What lies under the marks of what is bad, in the text. */
const marked = (page) => page.locator(".cm-lintRange.mark-critical, .cm-lintRange.mark-high").evaluateAll((all) => [...new Set(all.map((one) => one.textContent))]);

test("each source has an example, which the page calls by its name and marks where it is wrong", async () => {
  const seen = {};
  await it.visit(async (page) => {
    for (const { title, examples } of gallery.filter(({ title }) => ["Pipelines", "Runners and controllers"].includes(title))) {
      assert.ok(examples.length > 10, title);
      for (const example of examples) {
        await openExample(page, example.title);
        await page.locator(".files .current .name", { hasText: example.files[0].name }).waitFor();
        await settled(page);
        await page.waitForSelector(".cm-lintRange.mark-critical, .cm-lintRange.mark-high, .cm-lintRange.mark-medium");
        assert.equal(await page.locator(".verdict.clean").count(), 0, example.id);
        assert.ok((await lines(page)).every(Boolean), `${example.id}: what is critical is underlined as something less`);
        [[, seen[example.id]]] = await tabs(page);
      }
    }
  });
  assert.deepEqual(seen, KINDS);
});

test("a repository is one run: its files in tabs, a finding leads into its own, and a link and an archive keep the names", async () => {
  const { files } = find("repository");
  const names = files.map(({ name }) => name);
  const kinds = [["Jenkinsfile", ""], ["runner/config.toml", "GitLab Runner"], ["workflows/nightly.yaml", "Argo"]];
  let link = "";
  let report = "";
  await it.visit(async (page) => {
    await openExample(page, "One repository, three systems");
    await settled(page);
    await page.locator(".kind", { hasText: "Argo" }).waitFor();
    assert.deepEqual(await tabs(page), kinds);
    for (const [policy, name, text] of [["CI701", "runner/config.toml", "true"], ["CI301", "workflows/nightly.yaml", "true"], ["CI101", "Jenkinsfile", "/var/run/docker.sock"]]) {
      const article = page.locator(".policy", { has: page.locator(".id", { hasText: policy }) }).first();
      await article.locator(".place").first().click();
      await page.locator(".files .current .name", { hasText: name }).waitFor();
      await page.waitForFunction((text) => document.querySelector(".editor").shadowRoot.querySelector(".cm-lintRange.mark-critical, .cm-lintRange.mark-high")?.textContent === text, text);
    }
    assert.equal(await copied(page, "Command line"), `podgate check ${names.join(" ")}`);
    report = await copied(page, "Report as JSON");
    link = await sharedLink(page);
    await page.keyboard.press("Escape");
    if (isFirefox) return;
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click().then(() => page.getByRole("button", { name: "All files, as an archive" }).click()),
    ]);
    assert.deepEqual(execFileSync("tar", ["-tf", await download.path()], { encoding: "utf8" }).trim().split("\n"), names);
  });
  await it.visit(
    async (page) => {
      await page.locator(".kind", { hasText: "Argo" }).waitFor();
      assert.deepEqual(await tabs(page), kinds);
      assert.equal(await copied(page, "Report as JSON"), report);
    },
    { hash: new URL(link).hash },
  );
});

const JENKINSFILE = "// 😀\npodTemplate(yaml: '''\n  spec:\n    hostPID: true\n''', volumes: [hostPathVolume(hostPath: \"/run/./docker\\u002esock\", mountPath: '/s')]) {\n  node(POD_LABEL) { sh 'make' }\n}\n";
const TOML = "# ours\n[[runners]]\n  executor = \"kubernetes\"\n  [runners.kubernetes]\n    privileged = true\n";
const XML = find("jenkins-config").files[0].text;
const POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: 'registry.example.com/a:1'}]}\n";

test("what is dropped is told by its name, and where it has none that tells, by its content", async () => {
  await it.visit(async (page) => {
    await drop(page, {
      Jenkinsfile: JENKINSFILE, "Jenkinsfile.release": JENKINSFILE, "agent.groovy": JENKINSFILE, "night.jenkinsfile": JENKINSFILE,
      "library.groovy": "def call() { standardPipeline() }\n", "config.toml": TOML, "rust.toml": "[package]\nname = 'a'\n", "config.xml": XML,
      "pom.xml": "<project/>", noted: JENKINSFILE, settings: TOML, exported: XML, "pod.yaml": POD, "map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
      "wrong.yaml": JENKINSFILE,
    });
    await page.waitForSelector(".notice >> text=15 files opened");
    await page.locator(".kind", { hasText: "ConfigMap" }).waitFor();
    await settled(page);
    assert.deepEqual(await tabs(page), [
      ["Jenkinsfile", ""], ["Jenkinsfile.release", "Jenkinsfile"], ["agent.groovy", "Jenkinsfile"], ["night.jenkinsfile", "Jenkinsfile"],
      ["library.groovy", "Groovy"], ["config.toml", "GitLab Runner"], ["rust.toml", "TOML"], ["config.xml", "Jenkins"],
      ["pom.xml", "XML"], ["noted", "Jenkinsfile"], ["settings", "GitLab Runner"], ["exported", "Jenkins"], ["pod.yaml", "Pod"], ["map.yaml", "ConfigMap"],
      ["wrong.yaml", ""],
    ]);
  });
});

test("what is pasted into a file without a name is told by its content, and a name tells anew", async () => {
  await it.visit(async (page) => {
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForSelector("text=Nothing to judge");
    await write(page, "File untitled", JENKINSFILE);
    await page.locator(".kind", { hasText: "Jenkinsfile" }).waitFor();
    await page.waitForSelector(".policy.high >> text=CI301");
    assert.deepEqual(await marked(page), ["true", "\"/run/./docker\\u002esock\""]);

    // A name that says YAML holds, as on the command line.
    const renamed = async (from, to, key = "Enter") => {
      await page.getByRole("button", { name: "Rename the file" }).click();
      await page.getByLabel(`New name of ${from}`).fill(to);
      await page.keyboard.press(key);
    };
    await renamed("untitled", "pod.yaml");
    await page.waitForSelector("text=Not evaluated");
    await page.locator(".files .current .name", { hasText: "pod.yaml" }).waitFor();
    await renamed("pod.yaml", "else.groovy", "Escape");
    assert.deepEqual(await tabs(page), [["pod.yaml", ""]]);
    await renamed("pod.yaml", "  ci/Jenkinsfile\u202e ");
    await page.waitForSelector(".policy.high >> text=CI301");
    assert.deepEqual(await tabs(page), [["ci/Jenkinsfile", ""]]);
    assert.equal(await copied(page, "Command line"), "podgate check ci/Jenkinsfile");
    await addFile(page, "Jenkins' settings config.xml");
    await renamed("config.xml", "ci/Jenkinsfile");
    await page.getByLabel("File ci/Jenkinsfile-2").click();
    assert.deepEqual((await tabs(page)).map(([name]) => name), ["ci/Jenkinsfile", "ci/Jenkinsfile-2"]);
  });
});

test("the menu begins a file of each sort, under a name that tells", async () => {
  await it.visit(async (page) => {
    await page.getByRole("button", { name: "Clear" }).click();
    const entries = ["Kubernetes pod.yaml", "Jenkins pipeline Jenkinsfile", "GitLab pipeline .gitlab-ci.yml", "GitLab Runner's settings config.toml", "Jenkins' settings config.xml", "Whatever it turns out to be untitled"];
    for (const entry of entries) await addFile(page, entry);
    const pipeline = "build:\n  image: docker:27-cli\n  services: [docker:27-dind]\n  script: docker build .\n";
    for (const [name, text] of [["pod.yaml", POD], ["Jenkinsfile", JENKINSFILE], [".gitlab-ci.yml", pipeline], ["config.toml", TOML], ["config.xml", XML], ["untitled-2", TOML]]) {
      await page.locator(".files").getByRole("button", { name, exact: false }).first().click();
      await write(page, `File ${name}`, text);
    }
    await page.waitForFunction(() => document.querySelectorAll(".files .kind").length === 5);
    await settled(page);
    assert.deepEqual(await tabs(page), [
      ["untitled", ""], ["pod.yaml", "Pod"], ["Jenkinsfile", ""], [".gitlab-ci.yml", "GitLab CI"], ["config.toml", "GitLab Runner"], ["config.xml", "Jenkins"],
      ["untitled-2", "GitLab Runner"],
    ]);
  });
});

/** The words of the text that have a colour of their own, with its name; waits a while for those that are expected. */
async function coloured(page, expected) {
  const read = () => {
    const { shadowRoot } = document.querySelector(".editor");
    const names = ["comment", "key", "string", "atom", "keyword", "function"];
    const probe = shadowRoot.appendChild(document.createElement("i"));
    const colours = new Map(names.map((name) => {
      probe.style.setProperty("color", `var(--syntax-${name})`);
      return [getComputedStyle(probe).color, name];
    }));
    probe.remove();
    const leaves = [...shadowRoot.querySelectorAll(".cm-line span")].filter((one) => one.childElementCount === 0);
    return leaves.map((one) => [one.textContent, colours.get(getComputedStyle(one).color)]).filter(([, name]) => name !== undefined);
  };
  const text = JSON.stringify(JSON.stringify(expected));
  await page.waitForFunction(`JSON.stringify((${read})()) === ${text}`).catch(() => undefined);
  return page.evaluate(read);
}

const helps = (page, name) => page.getByLabel(`File ${name}`).getAttribute("aria-autocomplete");

const LANGUAGES = [
  ["Jenkinsfile", "// one\ndef a = 'x'\nnode { sh \"make\" }\n", [["// one", "comment"], ["def", "keyword"], ["'x'", "string"], ["\"make\"", "string"]]],
  ["config.toml", "# one\n[[runners]]\nprivileged = true\nname = \"a\"\n", [["# one", "comment"], ["[[runners]]", "atom"], ["privileged", "key"], ["true", "atom"], ["name", "key"], ["\"a\"", "string"]]],
  ["config.xml", "<!-- one -->\n<hudson class=\"a\">1</hudson>\n", [["<!-- one -->", "comment"], ["hudson", "key"], ["class", "function"], ["\"a\"", "string"], ["hudson", "key"]]],
  ["pod.yaml", "# one\nkind: Pod\n", [["# one", "comment"], ["kind", "key"]]],
];

test("each language has its colours, and fields of pods are offered in YAML alone", async () => {
  const { toFragment } = await load("state/share.ts");
  for (const [name, text, words] of LANGUAGES) {
    const hash = await toFragment({ manifests: [{ source: name, text }], profiles: [], settings: "", policies: [] });
    await it.visit(
      async (page) => {
        assert.deepEqual(await coloured(page, words), words, name);
        assert.equal(await helps(page, name), name === "pod.yaml" ? "list" : null, name);
      },
      { hash },
    );
  }
});

test("the language follows the text, and undo goes behind it", async () => {
  await it.visit(async (page) => {
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForSelector("text=Nothing to judge");
    await page.waitForFunction(() => document.querySelector(".editor").shadowRoot.querySelector("[aria-autocomplete=list]") !== null);
    await write(page, "File untitled", JENKINSFILE);
    await page.waitForFunction(() => document.querySelector(".editor").shadowRoot.querySelector("[aria-autocomplete]") === null);
    await show(page, "Compare");
    await show(page, "Check");
    assert.equal(await helps(page, "untitled"), null);
    await page.getByLabel("File untitled").click();
    await page.keyboard.press("Control+z");
    await page.waitForSelector("text=Nothing to judge");
    await page.waitForFunction(() => document.querySelector(".editor").shadowRoot.querySelector("[aria-autocomplete=list]") !== null);
  });
});

test("what a file is written in is told although the settings cannot be used", async () => {
  const { toFragment } = await load("state/share.ts");
  const hash = await toFragment({ manifests: [{ source: "noted", text: TOML }], profiles: [], settings: "nonsense: 1\n", policies: [] });
  await it.visit(
    async (page) => {
      await page.locator(".kind", { hasText: "TOML" }).waitFor();
      assert.equal(await helps(page, "noted"), null);
    },
    { hash, ready: "[role=alert]" },
  );
});

test("marks stand right behind letters of two units and Windows' line ends", async () => {
  const { toFragment } = await load("state/share.ts");
  const texts = {
    Jenkinsfile: [JENKINSFILE.replaceAll("\n", "\r\n"), ["true", "\"/run/./docker\\u002esock\""]],
    "config.toml": [TOML.replace("ours", "😀 é").replace("  executor", "name = '😀'\n  executor").replaceAll("\n", "\r\n"), ["true"]],
    "config.xml": [XML.replace("<numExecutors>0", "<system>😀</system><numExecutors>0").replace("/var/run/docker.sock", "/var/run&#x2f;docker.sock"), ["/var/run&#x2f;docker.sock", "true"]],
  };
  for (const [name, [text, expected]] of Object.entries(texts)) {
    const hash = await toFragment({ manifests: [{ source: name, text }], profiles: [], settings: "", policies: [] });
    await it.visit(
      async (page) => {
        assert.deepEqual(await marked(page), expected, name);
      },
      { hash },
    );
  }
});

// Firefox's driver does not tell of downloads that a page makes up itself.
test("a file is saved under its own name", { skip: isFirefox }, async () => {
  await it.visit(async (page) => {
    await openExample(page, "Jenkinsfile");
    await settled(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click().then(() => page.getByRole("button", { name: "The file", exact: true }).click()),
    ]);
    assert.equal(download.suggestedFilename(), "Jenkinsfile");
  });
});
