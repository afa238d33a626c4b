// Types, for those who check them strictly and with nothing but the package installed, and the package's own manifest.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { blocks, here, project, run, tool } from "./support.mjs";

const USE = `import { type Finding, Gate, type InputFormat, PodgateError, type Report, type Settings } from "podgate";
import { createGate, formatOf, schema, testPolicies } from "podgate";
import * as verdict from "podgate/verdict";
import { texts } from "podgate/texts";

const settings: Settings = { profiles: ["ci"], policies: { CI101: { mode: "warn" } } };
const gate: Gate = await createGate({ settings, policies: [{ path: "a.rego", text: "package a" }] });
const report: Report = gate.check("kind: Pod", { source: "a.yaml", date: null, columns: "utf-8", as: "toml" });
const written: InputFormat = await formatOf(new Uint8Array(), { source: "Jenkinsfile" });
const places: string[] = report.findings.map(({ span, severity, action }: Finding) => {
  const bad: boolean = severity === "critical" || action === "deny";
  return \`\${bad} \${span?.start.line ?? 0}\`;
});
const texty: string = gate.checkJson({ kind: "Pod" }) + gate.render("sarif", [{ source: "a", text: new Uint8Array() }]);
const line: number | undefined = (await testPolicies([])).tests[0]?.line;
const page: string | undefined = texts[gate.explain("CI101")[0]?.path ?? ""]?.page;
const known: Record<string, unknown> = await schema("settings");
const small: Gate = await verdict.createGate({ wasm: new Uint8Array() });
try {
  small[Symbol.dispose]();
} catch (error) {
  if (error instanceof PodgateError && error.code === "disposed") {
    const place: number | undefined = error.span?.start.line;
    void place;
  }
}
void [places, texty, line, page, known, written];

// What must not compile.
// @ts-expect-error: no such profile list
await createGate({ profiles: "ci" });
// @ts-expect-error: no such option
gate.check("", { name: "a" });
// @ts-expect-error: no such format
gate.check("", { as: "groovy" });
// @ts-expect-error: no such mode
const wrong: Settings = { policies: { CI101: { mode: "refuse" } } };
// @ts-expect-error: no such format
gate.render("xml", "");
// @ts-expect-error: gates are made by createGate
new Gate();
void wrong;
`;

const FORMS = {
  node16: { module: "node16", lib: ["es2022", "dom"] },
  bundler: { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] },
  "bundler, without the types of any environment": { module: "esnext", moduleResolution: "bundler", lib: ["es2022"] },
};

let installed;

before(async () => {
  installed = await project({ "use.ts": USE });
});

/** Checks files strictly. */
async function compiles(form, files) {
  const compilerOptions = {
    ...form,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: "es2022",
    types: [],
  };
  await installed.add({ "tsconfig.json": JSON.stringify({ compilerOptions, files }) });
  await run(tool("tsc"), ["--project", "."], { cwd: installed.folder });
}

for (const [name, form] of Object.entries(FORMS)) {
  test(`tsc --strict, ${name}`, () => compiles(form, ["use.ts"]));
}

test("tsc --strict, the README's examples", async () => {
  const examples = (await blocks(join(here, "js/README.md"))).filter(({ form }) => form === "js");
  const files = Object.fromEntries(examples.map(({ text }, index) => [`example${index}.ts`, text]));
  await installed.add(files);
  await compiles(FORMS.bundler, Object.keys(files));
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: join(here, "npm"), strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

test("@arethetypeswrong/cli has nothing to say", async () => {
  const args = [
    "--pack",
    join(here, "npm"),
    "--profile",
    "esm-only",
    "--exclude-entrypoints",
    "podgate.wasm",
    "verdict.wasm",
  ];
  await run(tool("attw"), args, { cwd: installed.folder });
});
