// Where in a YAML document a line stands, told by its indentation: enough for block style, also of a text that is
// not whole yet.
import type { Text } from "@codemirror/state";

/** The keys from the root to the place, `*` for an entry of a list. */
export type Path = string[];

interface Line {
  /** Columns of the dashes before the key. */
  dashes: number[];
  /** Column at which the key, or what is written of it, begins. */
  column: number;
  key: string | undefined;
}

function parse(text: string): Line | undefined {
  const [, lead = "", rest = ""] = /^((?:\s*-(?=\s|$))*\s*)(.*)$/.exec(text) ?? [];
  if (rest.startsWith("#") || (rest === "" && !lead.includes("-"))) return undefined;
  const dashes = [...lead.matchAll(/-/g)].map((match) => match.index);
  const key = /^(?:"([^"]+)"|'([^']+)'|([^\s:#&*!|>%@`{}[\],"'][^:#]*?))\s*:(?:\s|$)/.exec(rest);
  return { dashes, column: lead.length, key: key?.[1] ?? key?.[2] ?? key?.[3] };
}

/** The path of what begins at `column` of line `number`, without its own key. */
export function pathTo(doc: Text, number: number, column: number): Path {
  const path: Path = [];
  // What lies further left than this is above it. Half a step lets a list stand as far left as its own key.
  let limit = column;
  const climb = (line: Line, isFirst: boolean) => {
    if (!isFirst && line.key !== undefined && line.column < limit) {
      path.unshift(line.key);
      limit = line.column;
    }
    for (const dash of line.dashes.toReversed()) {
      if (dash >= limit) continue;
      path.unshift("*");
      limit = dash + 0.5;
    }
  };
  for (let at = number; at >= 1 && limit > 0; at -= 1) {
    const { text } = doc.line(at);
    if (at < number && /^(?:---|\.\.\.)(?:\s|$)/.test(text)) break;
    const line = parse(text);
    if (line !== undefined) climb(line, at === number);
  }
  return path;
}

/** The first and the last line of the document that line `number` belongs to. */
export function documentAround(doc: Text, number: number): { from: number; to: number } {
  const isEnd = (at: number) => /^---(?:\s|$)/.test(doc.line(at).text);
  let from = number;
  while (from > 1 && !isEnd(from)) from -= 1;
  let to = number;
  while (to < doc.lines && !isEnd(to + 1)) to += 1;
  return { from, to };
}
