// Colours for Rego v1: keywords, strings, numbers, comments, and names that are called.
import { LanguageSupport, StreamLanguage } from "@codemirror/language";

const MODULE = new Set(["package", "import", "as"]);
const KEYWORDS = new Set(["if", "else", "contains", "in", "some", "every", "not", "with", "default"]);
const ATOMS = new Set(["true", "false", "null"]);
const ROOTS = new Set(["input", "data"]);

/** Whether the line ends inside a raw string. */
interface State {
  raw: boolean;
}

const language = StreamLanguage.define<State>({
  name: "rego",
  startState: () => ({ raw: false }),
  token(stream, state) {
    if (state.raw || stream.eat("`")) {
      state.raw = !(stream.skipTo("`") && stream.next());
      if (state.raw) stream.skipToEnd();
      return "string";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
    if (stream.match(/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/)) return "number";
    if (stream.match(/^[A-Za-z_]\w*/)) return word(stream.current(), stream.match(/^(?:\.[A-Za-z_]\w*)*\(/, false) !== null);
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"', "`"] } },
});

function word(text: string, isCalled: boolean): string | null {
  if (MODULE.has(text) || KEYWORDS.has(text)) return "keyword";
  if (ATOMS.has(text)) return "atom";
  if (ROOTS.has(text)) return "namespace";
  return isCalled ? "variableName.function" : null;
}

export const rego = new LanguageSupport(language);
