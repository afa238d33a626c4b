import type { Position, Span } from "./generated/types.js";
import { PodgateError } from "./error.js";

const LINE_END = /\r\n|\n|\r/;
const BOM = "\ufeff";

/** A span whose columns count code points, in UTF-16 code units. */
export function toUtf16(text: string, span: Span): Span {
  const lines = text.split(LINE_END);
  const convert = ({ line, column }: Position): Position => {
    const whole = lines[line - 1] ?? "";
    const shown = line === 1 && whole.startsWith(BOM) ? whole.slice(1) : whole;
    const before = [...shown].slice(0, column - 1).join("");
    return { line, column: before.length + 1 };
  };
  return { start: convert(span.start), end: convert(span.end) };
}

/** Refuses text with half of a surrogate pair: the module would be given another text, and judge that. */
export function requireUnicode(text: string, file: string): void {
  const at = text.isWellFormed?.() ? -1 : text.search(/\p{Surrogate}/u);
  if (at < 0) {
    return;
  }
  const lines = text.slice(0, at).split(LINE_END);
  const last = lines[lines.length - 1] ?? "";
  const line = lines.length;
  const column = last.length + (line === 1 && last.startsWith(BOM) ? 0 : 1);
  const unit = text.charCodeAt(at).toString(16).toUpperCase();
  throw new PodgateError(
    "invalid-text",
    `\`${file}\` has half of a surrogate pair (U+${unit}) at ${line}:${column}, expected Unicode`,
    {
      file,
      span: { start: { line, column }, end: { line, column: column + 1 } },
    },
  );
}
