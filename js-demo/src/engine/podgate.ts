// The one file that names the package: everything else of the playground speaks of what stands here.
import { createGate, testPolicies } from "podgate";
import type { Gate } from "podgate";
import wasm from "podgate/podgate.wasm?url";

export { createGate, PodgateError } from "podgate";
export type { Explanation, Finding, Gate, Policy, RegoFile, Report, Severity, Span, TestReport } from "podgate";

/** The formats of answers that can be copied. */
export type Format = Parameters<Gate["render"]>[0];

/** Fetches and compiles the engine, once for all workers. */
export async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`the engine could not be loaded (${response.status})`);
  // A server that calls it something else than application/wasm is served all the same.
  const streamed = response.headers.get("content-type") === "application/wasm";
  return streamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Runs the tests in Rego files. */
export async function runTests(module: WebAssembly.Module, files: Parameters<typeof testPolicies>[0]) {
  await createGate({ wasm: module });
  return testPolicies(files);
}
