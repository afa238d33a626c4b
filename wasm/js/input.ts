import { PodgateError } from "./error.js";
import type { PositionEncoding } from "./generated/types.js";
import { requireUnicode } from "./place.js";

/** An input with its name in the report. */
export interface NamedText {
  /** Its name. */
  source: string;
  /** Its text, or the bytes of it in UTF-8. */
  text: string | Uint8Array;
}

/**
 * What is judged: text or bytes (YAML or JSON, as files have it), a pod or any other manifest as an object, or several
 * texts with their names, judged as one run in which each may look up what another defines.
 */
export type Input = string | Uint8Array | object | readonly NamedText[];

/** How an input is judged. */
export interface CheckOptions {
  /** The input's name in the report, `-` by default; several inputs have names of their own. */
  source?: string | undefined;
  /** The day (UTC) of the verdict, by which exemptions expire: today by default. With `null` no exemption counts. */
  date?: string | Date | null | undefined;
  /** What columns count: bytes, UTF-16 code units as JavaScript does, or code points as the command line does. */
  columns?: PositionEncoding | undefined;
}

const COLUMNS: readonly string[] = ["utf-8", "utf-16", "utf-32"] satisfies PositionEncoding[];

/** Refuses what is no object of these keys, so that a misspelt one is not passed over. @internal */
export function requireKeys(value: unknown, keys: readonly string[], what: string): void {
  if (typeof value !== "object" || value === null) {
    throw invalid(`${what} must be an object`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw invalid(`unknown key \`${unknown}\` of ${what}, expected ${keys.map((key) => `\`${key}\``).join(", ")}`);
  }
}

/** An error about an argument. @internal */
export function invalid(message: string, cause?: unknown): PodgateError {
  return new PodgateError("invalid-argument", message, cause === undefined ? {} : { cause });
}

/** The inputs as the module takes them: names and contents in turns. @internal */
export function inputs(input: Input, source: string | undefined): (string | Uint8Array)[] {
  if (Array.isArray(input)) {
    if (source !== undefined) {
      throw invalid("`source` is for a single input: each of several has its own");
    }
    return input.flatMap((one: NamedText, index) => {
      requireKeys(one, ["source", "text"], `input ${index}`);
      return named(one.source, bytes(one.text) ?? one.text);
    });
  }
  return named(source ?? "-", bytes(input) ?? text(input));
}

function named(source: unknown, content: unknown): [string, string | Uint8Array] {
  if (typeof source !== "string") {
    throw invalid("`source` must be a string");
  }
  requireUnicode(source, "source");
  if (typeof content === "string") {
    requireUnicode(content, source);
  } else if (!(content instanceof Uint8Array)) {
    throw invalid(`the text of \`${source}\` must be a string or bytes`);
  }
  return [source, content];
}

/** Bytes of any view or buffer, as an array of this realm. */
function bytes(value: unknown): Uint8Array | undefined {
  try {
    if (ArrayBuffer.isView(value)) {
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    }
    return Object.prototype.toString.call(value) === "[object ArrayBuffer]"
      ? new Uint8Array(value as ArrayBuffer)
      : undefined;
  } catch (cause) {
    throw invalid("the buffer of the input was handed on and is empty now", cause);
  }
}

function text(input: unknown): string {
  if (typeof input === "string") {
    return input;
  }
  if (typeof input !== "object" || input === null || "then" in input) {
    throw invalid("the input must be text, bytes, an object, or a list of `{ source, text }`");
  }
  return json(input, "the input");
}

/** The JSON text of an object. @internal */
export function json(value: object, what: string): string {
  try {
    return JSON.stringify(value, null, 2);
  } catch (cause) {
    throw invalid(`${what} cannot be written as JSON: ${(cause as Error).message}`, cause);
  }
}

/** The call as the module takes it. @internal */
export function call(format: string, options: CheckOptions, columns: PositionEncoding): string {
  requireKeys(options, ["source", "date", "columns"], "the options");
  const chosen = options.columns ?? columns;
  if (!COLUMNS.includes(chosen)) {
    throw invalid(`unknown columns \`${chosen}\`, expected \`utf-8\`, \`utf-16\` or \`utf-32\``);
  }
  return JSON.stringify({ date: day(options.date), columns: chosen, format });
}

function day(date: CheckOptions["date"]): string | null {
  if (date === null) {
    return null;
  }
  const given = date ?? new Date();
  const time = typeof given === "string" ? new Date(`${given}T00:00:00Z`) : given;
  const day = time instanceof Date && !Number.isNaN(time.getTime()) ? time.toISOString().slice(0, 10) : undefined;
  if (day === undefined || !/^\d{4}-/.test(day) || (typeof given === "string" && given !== day)) {
    throw invalid(`\`${String(given)}\` is no date, expected \`YYYY-MM-DD\` or a \`Date\``);
  }
  return day;
}
