// What the API promises beside verdicts: errors with their places, and that it works on after each.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { DATE, ENTRIES, fixture, project, root, run } from "./support.mjs";

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a" },
  spec: { containers: [{ name: "a", image: "a:1" }] },
};

const PIPELINE = `pipeline { agent { kubernetes { yaml "{spec: {hostPID: true}}" } } }\n`;
const GUESSED = "not valid YAML: the closing bracket has no opening one";

let installed;
let bad;

before(async () => {
  installed = await project();
  bad = await fixture("bad/jenkins-dind.yaml");
});

/** What is thrown, as plain data. */
async function failure(use) {
  try {
    await use();
  } catch (error) {
    assert.equal(error.name, "PodgateError", error.stack);
    const { code, message, file, span } = error;
    return {
      code,
      message,
      ...(file && { file }),
      ...(span && { place: `${span.start.line}:${span.start.column}-${span.end.column}` }),
    };
  }
  return undefined;
}

for (const entry of ENTRIES) {
  test(`${entry}: text, bytes and objects are judged alike`, async () => {
    const { createGate } = await installed.load(entry);
    using(await createGate(), (gate) => {
      const text = JSON.stringify(POD, null, 2);
      const report = gate.check(POD);
      assert.equal(report.summary.subjects, 1);
      assert.equal(report.policies.digest, gate.digest);
      assert.equal(report.findings[0].source, "-");
      const bytes = new TextEncoder().encode(text);
      for (const input of [
        text,
        bytes,
        bytes.buffer,
        Buffer.from(text),
        [{ source: "-", text }],
        [{ source: "-", text: bytes }],
      ]) {
        assert.deepEqual(gate.check(input), report);
      }
      assert.deepEqual(gate.check(POD, { source: "a.json" }).subjects[0].source, "a.json");
    });
  });

  test(`${entry}: columns count what is asked for`, async () => {
    const { createGate } = await installed.load(entry);
    using(await createGate(), (gate) => {
      const text = "{apiVersion: v1, kind: Pod, metadata: {name: 😀}, spec: {hostPID: true}}";
      const column = (report) => report.findings.find(({ pointer }) => pointer === "/spec/hostPID").span.start.column;
      assert.equal(column(gate.check(text)), 67);
      assert.equal(text.slice(66, 70), "true");
      assert.equal(column(gate.check(text, { columns: "utf-32" })), 66);
      assert.equal(column(gate.check(text, { columns: "utf-8" })), 69);
      assert.equal(column(JSON.parse(gate.checkJson(text))), 66);
      assert.equal(column(JSON.parse(gate.checkJson(text, { columns: "utf-16" }))), 67);
    });
  });

  test(`${entry}: exemptions expire by the date that is given`, async () => {
    const { createGate } = await installed.load(entry);
    const policies = ["CI101"];
    const settings = { exemptions: [{ policies, match: { kinds: ["*"] }, reason: "a test", expires: DATE }] };
    using(await createGate({ settings }), (gate) => {
      const exempted = (date) => gate.check(bad, { date }).summary.exempted;
      const some = exempted(DATE);
      assert.ok(some > 0);
      assert.equal(exempted(new Date(`${DATE}T23:59:59Z`)), some);
      assert.equal(exempted("2026-11-25"), 0);
      assert.equal(exempted(null), 0);
      assert.equal(exempted(undefined), exempted(new Date()));
    });
  });

  test(`${entry}: reports are written in every format`, async () => {
    const { createGate } = await installed.load(entry);
    using(await createGate(), (gate) => {
      const begins = {
        text: "critical[CI",
        json: "{\n",
        sarif: "{\n",
        github: "::error ",
        gitlab: "[\n",
        junit: "<?xml",
      };
      for (const [format, start] of Object.entries(begins)) {
        assert.equal(gate.render(format, bad, { source: "a.yaml" }).slice(0, start.length), start);
      }
      assert.equal(gate.render("json", bad), gate.checkJson(bad));
    });
  });

  test(`${entry}: policies are listed and explained`, async () => {
    const { createGate } = await installed.load(entry);
    const texts = (await installed.load("podgate/texts")).texts;
    using(await createGate(), (gate) => {
      const policies = gate.policies();
      assert.ok(policies.some(({ id, name }) => id === "CI101" && name === "runtime-socket"));
      assert.deepEqual(
        policies.map(({ id }) => id),
        policies.map(({ id }) => id).sort(),
      );
      const builtIn = gate.builtIn();
      assert.deepEqual(builtIn.filter(({ id }) => policies.some((policy) => policy.id === id)), policies);
      assert.ok(builtIn.some(({ id }) => id === "PSP-defaults") && !policies.some(({ id }) => id === "PSP-defaults"));
      const [{ page, rego, ...policy }] = gate.explain("runtime-socket");
      assert.deepEqual(
        policy,
        policies.find(({ id }) => id === "CI101"),
      );
      const written = texts[policy.path];
      assert.ok(written.page.startsWith("# ") && written.rego.includes("\npackage podgate."));
      assert.deepEqual([page ?? written.page, rego ?? written.rego], [written.page, written.rego]);
      assert.deepEqual(gate.explain("ci101"), gate.explain("runtime-socket"));
    });
  });

  test(`${entry}: what cannot be used is refused, with its place`, async () => {
    const { createGate } = await installed.load(entry);
    const made = (options) => failure(() => createGate(options));
    assert.deepEqual(await made({ profiles: ["cj"] }), {
      code: "unknown-profile",
      message: "unknown profile `cj`; did you mean `ci`?",
    });
    assert.deepEqual(await made({ settings: "profiles: [cj]" }), {
      code: "unknown-profile",
      message: "unknown profile `cj`; did you mean `ci`?",
      file: "podgate.yaml",
      place: "1:12-14",
    });
    const settings = "# 😀\npolicies: {'CI101': {mode: '😀'}, CI102: {mode: no}}";
    const wrong = await made({ settings });
    assert.deepEqual([wrong.code, wrong.file, wrong.place], ["invalid-settings", "podgate.yaml", "2:28-32"]);
    assert.equal((await made({ settings: { policies: { CI101: { mode: "of" } } } })).code, "invalid-settings");
    assert.deepEqual(await made({ profile: ["ci"] }), {
      code: "invalid-argument",
      message: "unknown key `profile` of the options, expected `profiles`, `settings`, `policies`, `wasm`",
    });
    assert.equal((await made({ profiles: "ci" })).code, "invalid-argument");
    assert.equal((await made({ settings: 1 })).code, "invalid-argument");
    assert.deepEqual(await made({ settings: "a: \ud800" }), {
      code: "invalid-text",
      message: "`podgate.yaml` has half of a surrogate pair (U+D800) at 1:4, expected Unicode",
      file: "podgate.yaml",
      place: "1:4-5",
    });
    const gate = await createGate();
    const checked = (input, options) => failure(() => gate.check(input, options));
    for (const input of [undefined, null, 1, Promise.resolve("a"), [POD], [{ source: "a", text: POD }], { a: 1n }]) {
      assert.equal((await checked(input))?.code, "invalid-argument");
    }
    for (const options of [
      null,
      "a.yaml",
      { date: "2026-02-31" },
      { date: new Date(NaN) },
      { columns: "utf-7" },
      { as: Symbol("yaml") },
      { name: "a" },
    ]) {
      assert.equal((await checked(POD, options))?.code, "invalid-argument");
    }
    assert.equal((await checked([{ source: "a", text: "" }], { source: "a" })).code, "invalid-argument");
    for (const none of [[], new Array(1)]) {
      assert.equal((await checked(none)).code, "invalid-argument");
    }
    assert.equal((await failure(() => gate.render("xml", POD))).code, "invalid-argument");
    assert.deepEqual(await failure(() => gate.explain("CI000")), {
      code: "unknown-policy",
      message: "unknown policy `CI000`",
    });
    const moved = new TextEncoder().encode("a: 1");
    structuredClone(moved, { transfer: [moved.buffer] });
    for (const input of [moved, moved.buffer]) {
      assert.equal((await checked(input))?.code, "invalid-argument");
    }
    const { testPolicies } = await installed.load(entry);
    for (const options of [null, { profiles: ["ci"] }]) {
      assert.equal((await failure(() => testPolicies([], options)))?.code, "invalid-argument");
    }
    assert.equal(gate.check(bad).summary.denied, true);
    gate.free();
  });

  test(`${entry}: a text is read as what the caller says, or as its name and content tell`, async () => {
    const { createGate, formatOf } = await installed.load(entry);
    using(await createGate(), (gate) => {
      assert.equal(gate.check(PIPELINE, { source: "agent.yaml" }).notEvaluated[0].reason, GUESSED);
      const said = gate.check(PIPELINE, { source: "agent.yaml", as: "jenkinsfile" });
      const told = gate.check(PIPELINE, { source: "Jenkinsfile" });
      const renamed = (report) => JSON.parse(JSON.stringify(report).replaceAll('"Jenkinsfile"', '"agent.yaml"'));
      assert.deepEqual(renamed(said), renamed(told));
      assert.deepEqual(said.findings.find(({ policy }) => policy === "CI301").span, {
        start: { line: 1, column: 56 },
        end: { line: 1, column: 60 },
      });
      // It holds for all inputs, and for whatever writes the report.
      const pair = ["a.yaml", "b.toml"].map((source) => ({ source, text: PIPELINE }));
      assert.deepEqual(gate.check(pair, { as: "jenkinsfile" }).notEvaluated, []);
      assert.match(gate.render("text", PIPELINE, { as: "jenkinsfile" }), /^high\[CI301\]/m);
      assert.match(gate.checkJson("kind: Pod", { as: "toml" }), /"reason": "not valid TOML: /);
    });
    for (const [text, options, format] of [
      [PIPELINE, { source: "agent.yaml" }, "yaml"],
      [PIPELINE, { source: "ci/Jenkinsfile.release" }, "jenkinsfile"],
      [new TextEncoder().encode("def a = 1\npipeline { agent any }\n"), {}, "jenkinsfile"],
      ["[[runners]]\nname = 'a'\n", undefined, "toml"],
      ["<?xml version='1.0'?><hudson/>", {}, "xml"],
      ["kind: Pod", { source: "a.xml" }, "xml"],
      ["", {}, "yaml"],
    ]) {
      assert.equal(await formatOf(text, options), format, `${options?.source}: ${text}`);
    }
  });

  test(`${entry}: a format that there is not is refused by its name`, async () => {
    const { createGate, formatOf } = await installed.load(entry);
    const gate = await createGate();
    for (const as of ["groovy", "YAML", "", 1, ["yaml"]]) {
      assert.deepEqual(await failure(() => gate.check(POD, { as })), {
        code: "invalid-argument",
        message: `unknown format \`${as}\` of \`as\`, expected \`yaml\`, \`toml\`, \`jenkinsfile\` or \`xml\``,
      });
    }
    gate.free();
    for (const given of [[undefined], [[{ source: "a", text: "" }]], ["", { as: "yaml" }], ["", null], ["\ud800"]]) {
      assert.match((await failure(() => formatOf(...given)))?.code, /^invalid-/, JSON.stringify(given));
    }
  });

  test(`${entry}: an object that JSON would not write whole is refused`, async () => {
    const { createGate } = await installed.load(entry);
    const gate = await createGate();
    const refused = async (value) => {
      const { code, message } = await failure(() => gate.check({ ...POD, spec: { hostPID: value } }));
      return [code, message];
    };
    class Computed {
      get hostPID() {
        return true;
      }
    }
    for (const [value, reason] of [
      [new Map([["a", 1]]), "is a `Map`, which JSON does not have"],
      [new Set(), "is a `Set`, which JSON does not have"],
      [new Uint8Array(1), "is a `Uint8Array`, which JSON does not have"],
      [new Computed(), "has `hostPID` from its class, which JSON leaves out"],
      [() => true, "is a function, which JSON does not have"],
      [1n, "is a bigint, which JSON does not have"],
      [Number.NaN, "is NaN, which JSON does not have"],
    ]) {
      assert.deepEqual(await refused(value), ["invalid-argument", `\`hostPID\` of the input ${reason}`]);
    }
    const own = Object.assign(new (class Spec {})(), { hostPID: true, extra: undefined, containers: [] });
    for (const spec of [own, { toJSON: () => own }, Object.assign(Object.create(null), own)]) {
      assert.deepEqual(gate.check({ ...POD, spec }), gate.check({ ...POD, spec: { hostPID: true, containers: [] } }));
    }
    for (const settings of [new Map([["profiles", ["pss-restricted"]]]), { toJSON() {} }]) {
      assert.equal((await failure(() => createGate({ settings }))).code, "invalid-argument");
    }
    gate.free();
  });

  test(`${entry}: arguments that throw are refused`, async () => {
    const { createGate, testPolicies } = await installed.load(entry);
    const gate = await createGate();
    const throwing = (name, thrown) => {
      const get = () => {
        throw thrown;
      };
      return Object.defineProperty({}, name, { get, enumerable: true });
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const trap = () => {
      throw "trapped";
    };
    for (const use of [
      () => gate.check(throwing("kind", null)),
      () => gate.check(proxy),
      () => gate.check(new Proxy({}, { has: trap })),
      () => gate.check(new Proxy({}, { get: trap })),
      () => gate.check([throwing("source", "no")]),
      () => gate.check(POD, throwing("date", new Error("no"))),
      () => gate.check(POD, { date: Object.create(null) }),
      () => gate.check(POD, { columns: Symbol("a") }),
      () => gate.render(Symbol("a"), POD),
      () => createGate(throwing("profiles", new Error("no"))),
      () => testPolicies([throwing("path", new Error("no"))]),
    ]) {
      assert.equal((await failure(use))?.code, "invalid-argument", String(use));
    }
    assert.equal(gate.check(bad).summary.denied, true);
    gate.free();
  });

  test(`${entry}: a gate that was freed says so`, async () => {
    const { createGate } = await installed.load(entry);
    const [gate, other] = [await createGate(), await createGate()];
    gate[Symbol.dispose]?.();
    gate.free();
    gate.free();
    const disposed = { code: "disposed", message: "the gate was freed and cannot be used any more" };
    for (const use of [
      () => gate.check(bad),
      () => gate.policies(),
      () => gate.builtIn(),
      () => gate.explain("CI101"),
      () => gate.digest,
      () => gate.test([]),
    ]) {
      assert.deepEqual(await failure(use), disposed);
    }
    assert.equal(other.check(bad).summary.denied, true);
    other.free();
  });
}

test("text shows the places that the command line shows, in inputs and in policies", async () => {
  const rego = { path: "broken.rego", text: "package a\n\nimport rego.v1\n\nviolation contains {\n" };
  const units = Buffer.from(`\ufeff${bad}`, "utf16le");
  const { folder } = await project({ "broken.rego": rego.text, "wide.yaml": units, "torn.yaml": Buffer.from("a: \xff\n", "latin1") });
  const { createGate } = await installed.load("podgate");
  const gate = await createGate({ policies: [rego] });
  for (const source of ["wide.yaml", "torn.yaml"]) {
    const args = ["check", "--date", DATE, "--policies", "broken.rego", source];
    const { stdout } = await run(process.env.PODGATE, args, { cwd: folder, codes: [2, 3] });
    assert.match(stdout, /5 \| violation contains/);
    assert.match(stdout, source === "wide.yaml" ? /path: \/var\/run\/docker\.sock/ : /\ufffd/);
    assert.equal(gate.render("text", await readFile(join(folder, source)), { source, date: DATE }), stdout);
  }
  gate.free();
});

test("the module can be given in every form", async () => {
  const file = join(installed.folder, "node_modules/podgate/compiler/podgate_bg.wasm");
  const bytes = await readFile(file);
  const headers = { "content-type": "application/wasm" };
  const forms = {
    module: await WebAssembly.compile(bytes),
    bytes,
    promise: Promise.resolve(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    response: new Response(bytes, { headers }),
    plain: new Response(bytes),
    url: pathToFileURL(file),
    path: file,
    text: String(pathToFileURL(file)),
    data: `data:application/wasm;base64,${bytes.toString("base64")}`,
  };
  for (const [name, wasm] of Object.entries(forms)) {
    // The module is loaded once: each form in a copy of the entry point.
    const copy = await project();
    const { createGate } = await copy.load("podgate");
    const said = await failure(() => createGate({ wasm: join(copy.folder, "none.wasm") }));
    assert.deepEqual([said.code, /none\.wasm/.test(said.message)], ["load", true], name);
    assert.equal((await createGate({ wasm })).check(bad).summary.denied, true, name);
  }
});

test("a module that is not the entry point's own is refused", async () => {
  const copy = await project();
  const module = (folder) => join(copy.folder, "node_modules/podgate", folder, "podgate_bg.wasm");
  for (const [entry, own, other] of [
    ["podgate", "compiler", "verdict"],
    ["podgate/verdict", "verdict", "compiler"],
  ]) {
    const { createGate } = await copy.load(entry);
    const said = await failure(() => createGate({ wasm: module(other) }));
    const message = "the WebAssembly module could not be loaded: it is not the module of this entry point";
    assert.deepEqual(said, { code: "load", message });
    const gate = await createGate({ wasm: module(own) });
    assert.equal(gate.check(POD).summary.subjects, 1);
    // One that nobody needs any more may fail unheard.
    assert.ok(await createGate({ wasm: Promise.reject(new Error("late")) }));
  }
});

test("schemas are those of the project", async () => {
  const { schema } = await installed.load("podgate");
  const written = async (name) => JSON.parse(await readFile(`${root}/docs/schema/${name}.schema.json`, "utf8"));
  assert.deepEqual(await schema("settings"), await written("podgate"));
  assert.deepEqual(await schema("report"), await written("report"));
  assert.equal((await failure(() => schema("pod"))).code, "invalid-argument");
});

/** `using`, which Node 20 has not. */
function using(gate, use) {
  try {
    return use(gate);
  } finally {
    gate.free();
  }
}
