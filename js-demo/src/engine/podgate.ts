// The one file that names the package: everything else of the playground speaks of what stands here.
import wasm from "podgate/podgate.wasm?url";

export { createGate, formatOf, PodgateError, testPolicies } from "podgate";
export type { Explanation, Finding, Format, Gate, InputFormat, NotEvaluated, Policy, RegoFile, Report, Severity, Span, TestReport } from "podgate";

/** Fetches and compiles the engine, once for all workers. */
export async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`the engine could not be loaded (${response.status})`);
  // A server that calls it something else than application/wasm is served all the same.
  const streamed = response.headers.get("content-type") === "application/wasm";
  return streamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
