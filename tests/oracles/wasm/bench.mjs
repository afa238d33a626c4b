// How long a verdict takes in Node: podgate's modules, OPA's for the same Rego, and podgate itself, in one run.
//
//   node bench.mjs [--rounds N] [--profile NAME] [--native EXE] [--opa FOLDER]… [--podgate FOLDER]… -- CLEAN BAD
//
// A FOLDER of podgate is one of the npm package's with a module (`compiler`, `verdict`), one of OPA holds what
// `opa build -t wasm` made of an exported bundle of the same profile. EXE is the benchmark `text`. CLEAN and BAD are
// pods as JSON text. The contestants take turns, and what is printed is the least time: of a load, of the first verdict
// after it, and of a verdict, from the text of the pod to the text of the findings; and how many findings there were.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "20" },
    profile: { type: "string", default: "ci" },
    native: { type: "string" },
    opa: { type: "string", multiple: true, default: [] },
    podgate: { type: "string", multiple: true, default: [] },
  },
});
const texts = positionals.map((path) => readFileSync(path, "utf8"));

/** Verdicts on each pod in one turn. */
const CALLS = 50;

/** The least times of each contestant so far, in microseconds, and its findings. */
const least = new Map();

function keep(name, what, time) {
  const times = least.get(name) ?? {};
  times[what] = Math.min(times[what] ?? Infinity, time);
  least.set(name, times);
}

async function timed(name, what, run) {
  const start = performance.now();
  const result = await run();
  keep(name, what, (performance.now() - start) * 1000);
  return result;
}

/** Times `check`, from text to text, first and hot; `count` tells the findings of an answer. */
async function verdicts(name, check, count) {
  await timed(name, "first", () => check(texts[0]));
  for (const [index, text] of texts.entries()) {
    keep(name, `findings${index}`, count(JSON.parse(check(text))));
    for (let call = 0; call < CALLS; call += 1) {
      const start = performance.now();
      check(text);
      keep(name, `hot${index}`, (performance.now() - start) * 1000);
    }
  }
}

const list = (value) => (Array.isArray(value) ? value : [value]);

/** What OPA leaves to its host and `opa-wasm` does not have, as far as our policies use it. */
const BUILTINS = {
  "regex.find_n": (pattern, text, most) => (text.match(RegExp(pattern, "g")) ?? []).slice(0, most < 0 ? undefined : most),
  "regex.replace": (text, pattern, by) => text.replace(RegExp(pattern, "g"), by),
  "strings.any_prefix_match": (texts, ends) => list(texts).some((text) => list(ends).some((end) => text.startsWith(end))),
  "strings.any_suffix_match": (texts, ends) => list(texts).some((text) => list(ends).some((end) => text.endsWith(end))),
};

let copy = 0;

async function podgate(folder) {
  const bytes = readFileSync(join(folder, "podgate_bg.wasm"));
  // A copy of the glue for each load, since it keeps its module.
  copy += 1;
  const glue = await import(`${pathToFileURL(resolve(folder, "podgate.js"))}?${copy}`);
  const handle = await timed(folder, "load", async () => {
    await glue.default({ module_or_path: bytes });
    return new glue.Handle(JSON.stringify({ profiles: [values.profile] }));
  });
  const check = (text) => handle.check(["pod.json", text], '{"date":"2026-11-24"}');
  await verdicts(folder, check, (report) => report.findings.length);
}

async function opa(folder) {
  const { loadPolicy } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm");
  const bytes = readFileSync(join(folder, "policy.wasm"));
  const data = JSON.parse(readFileSync(join(folder, "data.json"), "utf8"));
  const policy = await timed(folder, "load", async () => {
    const policy = await loadPolicy(bytes, undefined, BUILTINS);
    policy.setData(data);
    return policy;
  });
  const check = (text) => JSON.stringify(policy.evaluate(JSON.parse(text)));
  await verdicts(folder, check, ([{ result }]) => result.length);
}

function native() {
  const out = execFileSync(values.native, [values.profile, String(CALLS), ...positionals], { encoding: "utf8" });
  for (const [what, time] of Object.entries(JSON.parse(out))) {
    keep("native", what, time);
  }
}

for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const folder of values.podgate) {
    await podgate(folder);
  }
  for (const folder of values.opa) {
    await opa(folder);
  }
  if (values.native) {
    native();
  }
}

const base = least.get("native");
const ratio = (name, times, what) => (base && name !== "native" ? ` (${(times[what] / base[what]).toFixed(2)}×)` : "");
console.log("| | load, ms | first verdict, ms | clean pod, µs | bad pod, µs | findings |\n|---|---|---|---|---|---|");
for (const [name, times] of least) {
  const ms = ["load", "first"].map((what) => (times[what] / 1000).toFixed(1));
  const hot = ["hot0", "hot1"].map((what) => `${times[what].toFixed(0)}${ratio(name, times, what)}`);
  console.log(`| ${[name, ...ms, ...hot, `${times.findings0}, ${times.findings1}`].join(" | ")} |`);
}
