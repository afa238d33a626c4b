// The visitor's own Rego: new files, copies of built-in policies, and what their tests say.
import { computed, effect, signal } from "@preact/signals";
import { call } from "../engine/client";
import type { Explanation, RegoFile, TestReport } from "../engine/podgate";
import type { Refusal } from "../engine/protocol";
import { addPolicies } from "./files";
import { freeName, policies, settings, view } from "./state";
import { refusalOf } from "./verdict";

const POLICY = `# METADATA
# title: Images need a version
# description: Finds images without a tag, and those of the tag latest.
# custom:
#   id: MY001
#   severity: medium
#   attack: Whoever can push to the registry changes what the next build runs.
#   help: Name a version, or better a digest.
package mine.image_version

import rego.v1
import future.keywords.not

violation contains {"msg": msg, "details": {"path": path, "container": container.name}} if {
	some i, container in input.review.object.spec.containers
	not _has_version(container.image)
	msg := sprintf("image %v has no version", [container.image])
	path := sprintf("/spec/containers/%v/image", [i])
}

_has_version(image) if {
	last := regex.replace(image, "^.*/", "")
	contains(last, ":")
	not endswith(last, ":latest")
}
`;

const TESTS = `package mine.image_version_test

import rego.v1

import data.mine.image_version

test_fail_latest if {
	found := image_version.violation with input as _pod("alpine:latest")
	count(found) == 1
}

test_success_version if {
	found := image_version.violation with input as _pod("alpine:3.22")
	found == set()
}

_pod(image) := {"review": {"object": {"kind": "Pod", "spec": {"containers": [{"name": "build", "image": image}]}}}}
`;

/** Adds a policy that works, with its tests, and gives back the policy's path. */
export function startPolicy(): string {
  const path = "image_version.rego";
  if (!policies.value.some((file) => file.path === path)) {
    addPolicies([{ path, text: POLICY }, { path: "image_version_test.rego", text: TESTS }]);
  }
  return path;
}

/** Copies a built-in policy under an id and a package of its own, and gives back its path. */
export function copyPolicy({ id, path, rego }: Explanation): string {
  const stem = path.replace(/^.*\//, "").replace(/\.rego$/, "");
  const name = freeName(`my_${stem}.rego`, policies.value.map((file) => file.path));
  const text = (rego ?? "")
    .replace(/^(#\s+id:\s+)\S+/m, `$1MY-${id}`)
    .replace(/^#\s+name:.*\n/m, "")
    .replace(/^package .*/m, `package mine.${name.replace(/\.rego$/, "").replaceAll("-", "_")}`);
  addPolicies([{ path: name, text }]);
  return name;
}

/** Whether the settings switch a policy off in the form that `switchOff` writes. */
export const isOff = (id: string): boolean => settings.value.includes(`  ${id}:\n    mode: off\n`);

/** Switches a built-in policy off in the settings, so that a copy can take its place. */
export function switchOff(id: string): void {
  const entry = `  ${id}:\n    mode: off\n`;
  const text = settings.value;
  const block = /^policies:[ \t]*\n/m;
  settings.value = block.test(text) ? text.replace(block, (head) => head + entry) : `${text === "" ? "" : `${text.trimEnd()}\n`}policies:\n${entry}`;
}

/** What the tests say; `undefined` before they have run. */
export const tests = signal<TestReport | Refusal | undefined>(undefined);
/** Whether they run. */
export const running = signal(false);

export const isReport = (said: TestReport | Refusal | undefined): said is TestReport => said !== undefined && "tests" in said;

/** Whether there is anything to test. */
export const hasTests = computed(() => policies.value.some(({ path }) => path.endsWith("_test.rego")));

/** Runs the tests of all files. */
export async function runTests(files: RegoFile[] = policies.value): Promise<void> {
  running.value = true;
  try {
    tests.value = await call("test", { files }, "test");
  } catch (error) {
    const failed = refusalOf(error);
    if (failed.code === "superseded") return;
    tests.value = failed;
  }
  running.value = false;
}

/** Runs the tests after each change, while the policies are shown. */
export function watchTests(): () => void {
  return effect(() => {
    const files = policies.value;
    if (!hasTests.value || view.value !== "policies") return undefined;
    const timer = setTimeout(() => void runTests(files), 400);
    return () => clearTimeout(timer);
  });
}
