import { PodgateError } from "./error.js";
import type { Format, PositionEncoding } from "./generated/types.js";
import { requireUnicode } from "./place.js";

/** An input with its name in the report. */
export interface NamedText {
  /** Its name. */
  source: string;
  /** Its text, or the bytes of it in UTF-8. */
  text: string | Uint8Array;
}

/** What a text is written in. */
export type InputFormat = Format;

/**
 * What is judged: text or bytes (YAML, JSON, TOML, XML or Groovy, as files have it), a pod or any other manifest as an
 * object, or several texts with their names, judged as one run in which each may look up what another defines.
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
  /** What the inputs are written in, all of them; else their content and their names tell. */
  as?: InputFormat | undefined;
}

const FORMATS: readonly string[] = ["yaml", "toml", "jenkinsfile", "xml"] satisfies InputFormat[];

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

/** Reads arguments: what their own code throws, in getters or a `Proxy`, becomes an error about them. @internal */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof PodgateError ? cause : invalid(`an argument cannot be read: ${told(cause)}`, cause);
  }
}

/** What was thrown, which may be anything, in words. */
function told(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return "what was thrown has no text";
  }
}

/** The inputs as the module takes them: names and contents in turns. @internal */
export function inputs(input: Input, source: string | undefined): (string | Uint8Array)[] {
  if (Array.isArray(input)) {
    if (source !== undefined) {
      throw invalid("`source` is for a single input: each of several has its own");
    }
    if (input.length === 0) {
      throw invalid("the list of inputs is empty: there is nothing to judge");
    }
    // With holes, which `flatMap` alone passes over.
    return Array.from(input).flatMap((one: NamedText, index) => {
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
  const isView = ArrayBuffer.isView(value);
  if (!isView && tag(value) !== "ArrayBuffer") {
    return undefined;
  }
  try {
    return isView
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value as ArrayBuffer);
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

/** What JavaScript calls the kind of a value, also of another realm: `Object`, `Array`, `Map`… */
function tag(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** The JSON text of an object; refuses what JSON would leave out without a word. @internal */
export function json(value: object, what: string): string {
  return reading(() => {
    const text: string | undefined = JSON.stringify(
      value,
      (key, part: unknown) => {
        requireData(part, key === "" ? what : `\`${key}\` of ${what}`);
        return part;
      },
      2,
    );
    if (text === undefined) {
      throw invalid(`${what} has no JSON`);
    }
    return text;
  });
}

/** Objects that JSON has, or takes for what they hold. */
const PLAIN: readonly string[] = ["Object", "Array", "Boolean", "Number", "String"];

/** Refuses a part of an object that has no JSON: its content would be missing, and what is missing is not judged. */
function requireData(part: unknown, what: string): void {
  if (typeof part === "function" || typeof part === "symbol" || typeof part === "bigint") {
    throw invalid(`${what} is a ${typeof part}, which JSON does not have`);
  }
  if (typeof part === "number" && !Number.isFinite(part)) {
    throw invalid(`${what} is ${part}, which JSON does not have`);
  }
  if (typeof part !== "object" || part === null) {
    return;
  }
  const kind = tag(part);
  if (!PLAIN.includes(kind)) {
    throw invalid(`${what} is a \`${kind}\`, which JSON does not have`);
  }
  const computed = kind === "Object" ? inherited(part) : undefined;
  if (computed !== undefined) {
    throw invalid(`${what} has \`${computed}\` from its class, which JSON leaves out`);
  }
}

/** A property that the classes of an object compute: it looks like the object's own, and JSON leaves it out. */
function inherited(part: object): string | undefined {
  for (let at = Object.getPrototypeOf(part); at !== null; at = Object.getPrototypeOf(at)) {
    // The last is that of all objects, where `__proto__` is computed.
    const own = Object.getPrototypeOf(at) === null ? {} : Object.getOwnPropertyDescriptors(at);
    const computed = Object.entries(own).find(([, { get }]) => get !== undefined);
    if (computed !== undefined) {
      return computed[0];
    }
  }
  return undefined;
}

/** The call as the module takes it. @internal */
export function call(format: string, options: CheckOptions, columns: PositionEncoding): string {
  requireKeys(options, ["source", "date", "columns", "as"], "the options");
  const chosen = options.columns ?? columns;
  if (!COLUMNS.includes(chosen)) {
    throw invalid(`unknown columns \`${String(chosen)}\`, expected \`utf-8\`, \`utf-16\` or \`utf-32\``);
  }
  const { as = null } = options;
  if (as !== null && !FORMATS.includes(as)) {
    const expected = "`yaml`, `toml`, `jenkinsfile` or `xml`";
    throw invalid(`unknown format \`${String(as)}\` of \`as\`, expected ${expected}`);
  }
  return JSON.stringify({ date: day(options.date), columns: chosen, format, as });
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
