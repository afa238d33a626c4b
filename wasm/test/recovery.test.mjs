// Whatever an input or a policy does, the next call works.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ENTRIES, fixture, here, project, run } from "./support.mjs";

let installed;
let bad;

before(async () => {
  installed = await project();
  bad = await fixture("bad/jenkins-dind.yaml");
});

/** A gate, and what it says before and after. */
async function steady(entry, options, use) {
  const { createGate } = await installed.load(entry);
  const gate = await createGate(options);
  const other = await createGate({ profiles: ["pss-restricted"] });
  const said = [gate.checkJson(bad), other.checkJson(bad)];
  await use(gate);
  assert.deepEqual([gate.checkJson(bad), other.checkJson(bad)], said, "the next call works");
  gate.free();
  other.free();
}

/** Gives the memory of the instance that is in use. */
async function memoryOf(entry) {
  const folder = entry === "podgate" ? "compiler" : "verdict";
  const glue = join(installed.folder, "node_modules/podgate", folder, "podgate.js");
  const { initSync } = await import(pathToFileURL(glue));
  // The instance is there by now: this only gives what it exports.
  return () => initSync().memory;
}

function only(entries) {
  assert.equal(entries.length, 1, JSON.stringify(entries));
  return entries[0];
}

for (const entry of ENTRIES) {
  test(`${entry}: 10 MB of text`, () =>
    steady(entry, {}, (gate) => {
      const report = gate.check(`a: ${"x".repeat(10_000_000)}`);
      assert.equal(only(report.notEvaluated).cause, "not-kubernetes");
      const many = gate.check("- a\n".repeat(2_500_000));
      assert.equal(only(many.notEvaluated).cause, "not-kubernetes");
    }));

  test(`${entry}: more than it reads`, () =>
    steady(entry, {}, (gate) => {
      const report = gate.check(new Uint8Array(70_000_000).fill(0x20));
      assert.deepEqual(
        report.notEvaluated.map(({ cause }) => cause),
        ["empty", "limit"],
      );
    }));

  test(`${entry}: 10,000 nested brackets`, () =>
    steady(entry, {}, (gate) => {
      for (const [open, close] of ["[]", "{}"]) {
        const text = `${open.repeat(10_000)}${close.repeat(10_000)}`;
        for (const input of [text, `a: ${text}`, `{"a": ${text}}`]) {
          // Two braces look like a template where a key should be.
          assert.match(only(gate.check(input).notEvaluated).cause, /^(limit|template)$/);
        }
      }
      assert.equal(
        only(gate.check(JSON.parse(`{"a":${"[".repeat(1000)}${"]".repeat(1000)}}`)).notEvaluated).cause,
        "limit",
      );
    }));

  test(`${entry}: half of a surrogate pair`, () =>
    steady(entry, {}, (gate) => {
      const texts = { "a\n  \ud83d!": [2, 3], "\udc00": [1, 1], "😀\udc00": [1, 3], "\ufeffa\udc00": [1, 2] };
      for (const [text, [line, column]] of Object.entries(texts)) {
        for (const input of [text, [{ source: "a.yaml", text }]]) {
          assert.throws(() => gate.check(input), {
            name: "PodgateError",
            code: "invalid-text",
            file: typeof input === "string" ? "-" : "a.yaml",
            span: { start: { line, column }, end: { line, column: column + 1 } },
          });
        }
      }
      // JSON can write what text cannot hold.
      assert.equal(gate.check({ apiVersion: "v1", kind: "Pod", metadata: { name: "\ud800" } }).summary.subjects, 0);
    }));

  test(`${entry}: bytes that are no UTF-8`, () =>
    steady(entry, {}, (gate) => {
      assert.equal(only(gate.check(new Uint8Array([0x61, 0x3a, 0x20, 0xff])).notEvaluated).cause, "unreadable");
    }));

  test(`${entry}: a panic says so, and all gates begin anew`, () =>
    steady(entry, {}, async (gate) => {
      const memory = await memoryOf(entry);
      // More than memory can ever hold.
      const huge = new Uint8Array(3_000_000_000);
      const seen = new Set([memory()]);
      for (let time = 0; time < 3; time += 1) {
        assert.throws(() => gate.check(huge), {
          name: "PodgateError",
          code: "panic",
          message: /capacity overflow|unreachable/,
        });
        assert.equal(gate.check(bad).summary.denied, true);
        assert.ok(!seen.has(memory()), "what failed is not asked again");
        seen.add(memory());
      }
    }));

  test(`${entry}: a stack that ends inside the module`, () =>
    steady(entry, {}, (gate) => {
      const failed = { panic: 0, before: 0 };
      let done = false;
      const fill = () => {
        try {
          fill();
        } catch {
          // No stack is left here; there is more with every return.
        }
        if (!done) {
          try {
            gate.check(bad);
            done = true;
          } catch (error) {
            failed[error.code === "panic" ? "panic" : "before"] += 1;
          }
        }
      };
      fill();
      assert.ok(done && failed.panic > 0, JSON.stringify(failed));
    }));

  test(`${entry}: a gate that was freed after a panic is gone`, () =>
    steady(entry, {}, async (gate) => {
      const { createGate } = await installed.load(entry);
      const one = await createGate();
      assert.throws(() => gate.check(new Uint8Array(3_000_000_000)), { code: "panic" });
      one.free();
      assert.throws(() => one.check(bad), { code: "disposed" });
    }));
}

const LOOP = `package a.loop
import rego.v1
many := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
violation contains {"msg": "never"} if {
	some a in many
	some b in many
	some c in many
	some d in many
	some e in many
	some f in many
	a + b + c + d + e + f == 0
}
`;

test("podgate: a policy that loops is stopped and said so", () =>
  steady("podgate", { policies: [{ path: "loop.rego", text: LOOP }] }, (gate) => {
    const failed = only(gate.check(bad).failedPolicies);
    assert.deepEqual([failed.policy, failed.stage], ["a.loop", "evaluate"]);
    assert.match(failed.reason, /instruction|limit/);
  }));

test("podgate: policies that cannot be loaded are failed policies", () =>
  steady("podgate", { policies: [{ path: "broken.rego", text: "package a\n\nviolation contains" }] }, (gate) => {
    const failed = only(gate.check(bad).failedPolicies);
    assert.deepEqual([failed.stage, failed.file, failed.span.start.line], ["load", "broken.rego", 3]);
  }));

const TESTS = `package a_test
import rego.v1
test_true if 1 == 1
test_false if 1 == 2
`;

test("podgate: tests of policies run, with coverage", async () => {
  const { createGate, testPolicies } = await installed.load("podgate");
  const files = [
    { path: "a.rego", text: 'package a\nimport rego.v1\nviolation contains {"msg": "a"} if false\n' },
    { path: "a_test.rego", text: TESTS },
  ];
  const report = await testPolicies(files);
  assert.deepEqual(
    report.tests.map(({ name, passed, line }) => [name, passed, line]),
    [
      ["test_false", false, 4],
      ["test_true", true, 3],
    ],
  );
  assert.deepEqual(
    report.coverage.map(({ file }) => file),
    ["a.rego"],
  );
  assert.deepEqual((await createGate()).test(files), report);
  await assert.rejects(testPolicies([{ path: "a.rego" }]), { code: "invalid-argument" });
});

test("podgate/verdict: says what it cannot do", async () => {
  const { createGate, testPolicies } = await installed.load("podgate/verdict");
  const policies = [{ path: "loop.rego", text: LOOP }];
  await assert.rejects(createGate({ policies }), { code: "no-compiler", message: /import `podgate` instead$/ });
  await assert.rejects(testPolicies(policies), { code: "no-compiler" });
  const gate = await createGate();
  assert.throws(() => gate.test(policies), { code: "no-compiler" });
});

test("memory is flat over many verdicts and gates", async () => {
  const { stdout } = await run(process.execPath, ["--expose-gc", join(here, "scripts/memory.mjs"), "2000"]);
  assert.match(stdout, /memory is flat\n$/);
});
