import type { HostError, HostErrorCode, Span } from "./generated/types.js";
import { toUtf16 } from "./place.js";

/**
 * What kind of failure a {@link PodgateError} is.
 *
 * - `invalid-argument`: an option or argument of a wrong type, or one that is not known
 * - `invalid-text`: text with half of a surrogate pair, which is no Unicode
 * - `invalid-settings`: settings that cannot be used
 * - `unknown-profile`, `unknown-policy`: a name that there is not
 * - `no-compiler`: `podgate/verdict` was asked for what only `podgate` can do
 * - `disposed`: the gate was freed before
 * - `load`: the WebAssembly module could not be loaded
 * - `panic`: a defect of podgate, or no memory left; the gate has recovered, and the next call works
 * - `internal`: another defect
 */
export type ErrorCode = HostErrorCode | "invalid-text" | "disposed" | "load" | "panic";

/** Why podgate gives no answer. Never a verdict: what is wrong with an input stands in the report. */
export class PodgateError extends Error {
  static {
    this.prototype.name = "PodgateError";
  }

  /** What kind of failure it is. */
  readonly code: ErrorCode;
  /** The file at fault, where it is one: `podgate.yaml` for settings, the path of a Rego file, the name of an input. */
  readonly file: string | undefined;
  /** The place in that file, from line 1 and column 1; columns count UTF-16 code units. */
  readonly span: Span | undefined;

  /** The error that podgate throws; `file` and `span` are its place. */
  constructor(code: ErrorCode, message: string, more: { file?: string; span?: Span; cause?: unknown } = {}) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.code = code;
    this.file = more.file;
    this.span = more.span;
  }
}

/** The error that the module threw as JSON; `text` is what its place counts in. @internal */
export function thrown(json: string, text: string | undefined): PodgateError {
  const { code, message, file, span }: HostError = JSON.parse(json);
  return new PodgateError(code, message, {
    ...(file === undefined ? {} : { file }),
    ...(span === undefined ? {} : { span: text === undefined ? span : toUtf16(text, span) }),
  });
}
