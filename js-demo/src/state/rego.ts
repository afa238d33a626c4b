// The visitor's own Rego: new files, copies of built-in policies, and what their tests say.
import { computed, effect, signal } from "@preact/signals";
import { call } from "../engine/client";
import type { Explanation, TestReport } from "../engine/podgate";
import type { Refusal } from "../engine/protocol";
import { addPolicies } from "./files";
import { latest } from "./latest";
import { addSettings } from "./settings-file";
import { freeName, policies, view } from "./state";
import { refusalOf } from "./verdict";
import { visible } from "./visible";

const POLICY = `# METADATA
# title: Images come from our registry
# description: Finds images of any container that do not come from registry.example.com.
# custom:
#   id: MY001
#   severity: medium
#   attack: Whoever edits the pod runs an image of their own choosing beside the secrets of the build.
#   help: Mirror the image into registry.example.com.
package mine.our_registry

import rego.v1
import future.keywords.not

violation contains {"msg": msg, "details": details} if {
	some container in data.lib.podgate.pod.containers
	image = container.spec.image
	not startswith(image, "registry.example.com/")
	msg := sprintf("image %v is not from our registry", [image])
	path := sprintf("/spec/%v/%v/image", [container.list, container.index])
	details := {"path": path, "container": container.name}
}
`;

const TESTS = `package mine.our_registry_test

import rego.v1

import data.mine.our_registry

test_fail_other_registry if {
	found := our_registry.violation with input as _pod("initContainers", "docker.io/library/alpine:3.22")
	found == {{
		"msg": "image docker.io/library/alpine:3.22 is not from our registry",
		"details": {"path": "/spec/initContainers/0/image", "container": "build"},
	}}
}

test_success_our_registry if {
	found := our_registry.violation with input as _pod("containers", "registry.example.com/ci/build:1.0")
	found == set()
}

_pod(list, image) := {"review": {"object": {"kind": "Pod", "spec": {list: [{"name": "build", "image": image}]}}}}
`;

/** Adds a policy that works, with its tests, and gives back the policy's path. */
export function startPolicy(): string {
  const path = "our_registry.rego";
  if (!policies.value.some((file) => file.path === path)) {
    addPolicies([{ path, text: POLICY }, { path: "our_registry_test.rego", text: TESTS }]);
  }
  return path;
}

/** The id that a Rego file says of its policy. */
export const idOf = (text: string): string | undefined => /^#\s+id:\s+(\S+)/m.exec(text)?.[1];

/** Copies a built-in policy under an id and a package of its own, and gives back its path. */
export function copyPolicy({ id, path, rego }: Explanation): string {
  const stem = path.replace(/^.*\//, "").replace(/\.rego$/, "");
  const name = freeName(`my_${stem}.rego`, policies.value.map((file) => file.path));
  const own = freeName(`MY-${id}`, policies.value.flatMap((file) => idOf(file.text) ?? []));
  const text = (rego ?? "")
    .replace(/^(#\s+id:\s+)\S+/m, `$1${own}`)
    .replace(/^#\s+name:.*\n/m, "")
    .replace(/^package .*/m, `package mine.${name.replace(/\.rego$/, "").replaceAll("-", "_")}`);
  addPolicies([{ path: name, text }]);
  return name;
}

/** Switches a built-in policy off in the settings, so that a copy can take its place. */
export const switchOff = (id: string): Promise<void> => addSettings({ policies: { [id]: { mode: "off" } } });

/** What the tests say; `undefined` before they have run. */
export const tests = signal<TestReport | Refusal | undefined>(undefined);
/** Whether they run. */
export const running = signal(false);

export const isReport = (said: TestReport | Refusal | undefined): said is TestReport => said !== undefined && "tests" in said;

/** Whether there is anything to test. */
export const hasTests = computed(() => policies.value.some(({ path }) => path.endsWith("_test.rego")));

const ask = latest();

/** Runs the tests of all files. */
export async function runTests(isLatest = ask()): Promise<void> {
  running.value = true;
  try {
    const said = await call("test", { files: policies.peek() }, "test");
    if (!isLatest()) return;
    tests.value = visible(said);
  } catch (error) {
    if (!isLatest()) return;
    tests.value = refusalOf(error);
  }
  running.value = false;
}

/** Runs the tests after each change, while the policies are shown. */
export function watchTests(): () => void {
  return effect(() => {
    void policies.value;
    if (!hasTests.value || view.value !== "policies") return undefined;
    // What the tests said before is of other texts.
    running.value = true;
    const isLatest = ask();
    const timer = setTimeout(() => void runTests(isLatest), 400);
    return () => clearTimeout(timer);
  });
}
