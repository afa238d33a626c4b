/// <reference lib="esnext.disposable" preserve="true" />
import type { Gate } from "./gate.js";
import type { TestReport } from "./generated/types.js";
import type { InputFormat } from "./input.js";
import type { WasmSource } from "./load.js";
import type { GateOptions, RegoFiles } from "./options.js";

export { type ErrorCode, PodgateError } from "./error.js";
export type { Format, Gate } from "./gate.js";
export type {
  Action,
  Cause,
  Counts,
  Exempted,
  Exemption,
  Explanation,
  FailedPolicy,
  FileCoverage,
  Finding,
  Mode,
  NotEvaluated,
  ObjectEntry,
  Policy,
  PolicyError,
  PolicySet,
  PolicySettings,
  Position,
  PositionEncoding,
  RegoFile,
  RelatedResource,
  Report,
  Selector,
  Settings,
  Severity,
  Span,
  Stage,
  SubjectEntry,
  Summary,
  TestOutcome,
  TestReport,
  VoidExemption,
  Warning,
} from "./generated/types.js";
export type { CheckOptions, Input, InputFormat, NamedText } from "./input.js";
export type { WasmSource } from "./load.js";
export type { GateOptions, RegoFiles } from "./options.js";
export { schema } from "./schema.js";

/**
 * Makes a gate.
 *
 * @throws {PodgateError} for options that are none, settings that cannot be used, unknown profiles, and where the
 * module cannot be loaded
 */
export declare function createGate(options?: GateOptions): Promise<Gate>;

/**
 * What a text is written in, as podgate tells it by its name (`source`) and its content where no `as` says so.
 *
 * @throws {PodgateError} where the module cannot be loaded
 */
export declare function formatOf(
  text: string | ArrayBuffer | ArrayBufferView,
  options?: { source?: string; wasm?: WasmSource },
): Promise<InputFormat>;

/**
 * Runs the tests (rules `test_…`) in Rego files, with line coverage. Not in `podgate/verdict`.
 *
 * @throws {PodgateError} where the module cannot be loaded; what is wrong with the Rego stands in the report
 */
export declare function testPolicies(files: RegoFiles, options?: { wasm?: WasmSource }): Promise<TestReport>;
