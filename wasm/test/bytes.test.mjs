// The same bytes as the command line, for every fixture: both entry points, in Node and in Chromium.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { chromium, serve } from "./browser.mjs";
import { DATE, ENTRIES, cli, cliIn, fixtures, inTurns, manifests, project } from "./support.mjs";

/** Profiles that judge, and whether each file is also judged alone. */
const PROFILES = { ci: true, "pss-restricted": true, "psp:restricted": false };

let installed;

/** Fixtures that are written in something else than their names say here, and what they are written in. */
const MISNAMED = [
  ["bad/jenkins-declarative.groovy", "jenkins-declarative.yaml", "jenkinsfile"],
  ["peers/P37-gitlab-config.toml", "P37-gitlab-config.json", "toml"],
  ["bad/jenkins-dind.yaml", "Jenkinsfile", "yaml"],
  ["peers/P30-tekton-task.yaml", "config.xml", "yaml"],
];

/** What the command line says: of files alone, and of all in one run. */
let expected;

before(async () => {
  installed = await project();
  const names = await manifests();
  const all = await Promise.all(
    names.map(async (source) => ({ source, text: await readFile(join(fixtures, source), "utf8") })),
  );
  const cases = Object.entries(PROFILES).flatMap(([profile, alone]) => [
    ...(alone ? all.map((input) => ({ profile, inputs: [input] })) : []),
    { profile, inputs: all },
  ]);
  expected = await inTurns(cases, async ({ profile, inputs }) => ({
    profile,
    inputs,
    json: await cli("--profile", profile, ...inputs.map((input) => input.source)),
  }));
});

/** Judges every case; runs here and in pages. */
async function judge({ createGate }, cases, date) {
  const gates = {};
  const answers = [];
  for (const { profile, inputs } of cases) {
    gates[profile] ??= await createGate({ profiles: [profile] });
    answers.push(gates[profile].checkJson(inputs, { date }));
  }
  return answers;
}

function compare(t, answers) {
  const different = expected.filter(({ json }, index) => json !== answers[index]);
  t.diagnostic(`${answers.length} reports compared, ${different.length} differ`);
  assert.equal(answers.length, expected.length);
  assert.ok(answers.length > 400, "the fixtures are there");
  assert.deepEqual(
    different.map(({ profile, inputs }) => [profile, inputs[0].source]),
    [],
  );
}

for (const entry of ENTRIES) {
  test(`${entry} says what the command line prints of files whose names mislead, with and without \`as\``, async () => {
    const { createGate } = await installed.load(entry);
    const gate = await createGate();
    for (const [name, source, as] of MISNAMED) {
      const text = await readFile(join(fixtures, name), "utf8");
      await installed.add({ [source]: text });
      const print = (...args) => cliIn(installed.folder, ...args, source);
      const [guessed, said] = [await print(), await print("--as", as)];
      assert.equal(gate.checkJson(text, { source, date: DATE }), guessed);
      assert.equal(gate.checkJson(text, { source, date: DATE, as }), said);
      assert.notEqual(guessed, said);
      assert.ok(JSON.parse(said).findings.length > 0 && JSON.parse(guessed).findings.length === 0, source);
    }
  });

  test(`${entry} in Node says what the command line prints`, async (t) => {
    compare(t, await judge(await installed.load(entry), expected, DATE));
  });

  test(`${entry} in Chromium says what the command line prints`, async (t) => {
    const browser = await chromium(t);
    if (browser === undefined) {
      return;
    }
    const file = entry === "podgate" ? "podgate.web.js" : "verdict.web.js";
    const site = await serve(t, installed.folder, { "index.html": "<!doctype html><title>podgate</title>" });
    const page = await browser.newPage();
    await page.goto(site);
    const cases = expected.map(({ profile, inputs }) => ({ profile, inputs }));
    const call = `(async ({ cases, date }) => (${judge})(await import("/node_modules/podgate/${file}"), cases, date))`;
    compare(t, await page.evaluate(`${call}(${JSON.stringify({ cases, date: DATE })})`));
  });
}
