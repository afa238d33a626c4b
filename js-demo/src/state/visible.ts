// Characters that one does not see, or that turn the order of others around: what stands in names and messages may not
// look like something else.

/** Controls, formats (among them those that turn the direction of writing), and separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Whether a name has characters that no file needs, and that do harm in a terminal or to a reader's eye. */
export const hasUnseen = (name: string): boolean => name.search(UNSEEN) >= 0;

/** A name without such characters. */
export const withoutUnseen = (name: string): string => name.replace(UNSEEN, "");

const escaped = (text: string): string =>
  text.replace(UNSEEN, (one) => (one === "\n" || one === "\t" ? one : `\\u{${one.codePointAt(0)?.toString(16)}}`));

/** A value with such characters escaped in all its texts; lines and tabs stay. */
export function visible<T>(value: T): T {
  if (typeof value === "string") return escaped(value) as T;
  if (Array.isArray(value)) return value.map(visible) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visible(one)])) as T;
}
