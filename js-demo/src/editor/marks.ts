// Marks: places in a text with what is said of them, as lines under the text and dots beside it.
import { setDiagnostics } from "@codemirror/lint";
import type { Diagnostic } from "@codemirror/lint";
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import type { Extension, Text } from "@codemirror/state";
import { EditorView, gutter, GutterMarker } from "@codemirror/view";
import type { Severity, Span } from "../engine/podgate";
import { SEVERITIES } from "../state/verdict";

/** A place in a text, and what is said of it. Columns count UTF-16 units. */
export interface Mark {
  span: Span;
  severity: Severity;
  /** In bold before the message, such as the policy. */
  label: string;
  message: string;
}

const LEVELS = { critical: "error", high: "error", medium: "warning", low: "info", info: "hint" } as const;

/** Where a position is in the text; what lies outside is moved to its edge. */
function offset(doc: Text, { line, column }: Span["start"]): number {
  if (line < 1) return 0;
  if (line > doc.lines) return doc.length;
  const { from, to, text } = doc.line(line);
  // A byte order mark is no part of the text that was judged.
  const begin = line === 1 && text.startsWith("\uFEFF") ? 1 : 0;
  return Math.min(from + begin + Math.max(column - 1, 0), to);
}

/** What stands for a span in the text: of several lines the first, and never nothing where there is a word. */
export function range(doc: Text, span: Span): { from: number; to: number } {
  const from = offset(doc, span.start);
  const { from: first, to: last, text } = doc.lineAt(from);
  const to = Math.min(Math.max(offset(doc, span.end), from), last);
  if (to > from) return { from, to };
  const word = /^[\w./-]+/.exec(text.slice(from - first));
  return { from, to: word === null ? Math.min(from + 1, last) : from + word[0].length };
}

class Dot extends GutterMarker {
  constructor(readonly severity: Severity, readonly count: number) {
    super();
  }
  override eq(other: Dot): boolean {
    return other.severity === this.severity && other.count === this.count;
  }
  override toDOM(): Node {
    const dot = document.createElement("div");
    dot.className = `cm-mark mark-${this.severity}`;
    dot.title = this.count === 1 ? this.severity : `${this.count} findings, the worst ${this.severity}`;
    return dot;
  }
}

const placeDots = StateEffect.define<RangeSet<GutterMarker>>();

const dots = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(old, transaction) {
    const placed = transaction.effects.find((effect) => effect.is(placeDots));
    return placed === undefined ? old.map(transaction.changes) : (placed.value as RangeSet<GutterMarker>);
  },
});

/** The column of dots. */
export const marksGutter: Extension = [dots, gutter({ class: "cm-marks", markers: (view) => view.state.field(dots) })];

function dotsOf(doc: Text, marks: Mark[]): RangeSet<GutterMarker> {
  const lines = new Map<number, { worst: Severity; count: number }>();
  for (const { span, severity } of marks) {
    const { from } = doc.lineAt(range(doc, span).from);
    const seen = lines.get(from) ?? { worst: severity, count: 0 };
    const worst = SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(seen.worst) ? severity : seen.worst;
    lines.set(from, { worst, count: seen.count + 1 });
  }
  const sorted = [...lines].sort(([a], [b]) => a - b);
  return RangeSet.of(sorted.map(([from, { worst, count }]) => new Dot(worst, count).range(from)));
}

function diagnostic(doc: Text, mark: Mark): Diagnostic {
  return {
    ...range(doc, mark.span),
    severity: LEVELS[mark.severity],
    markClass: `mark-${mark.severity}`,
    message: `${mark.label} ${mark.message}`.trim(),
    renderMessage: () => {
      const node = document.createElement("span");
      const label = node.appendChild(document.createElement("strong"));
      label.textContent = mark.label;
      node.append(` ${mark.message}`);
      return node;
    },
  };
}

/** Shows these marks in the place of those before. */
export function show(view: EditorView, marks: Mark[]): void {
  const { doc } = view.state;
  const sorted = [...marks].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  view.dispatch(setDiagnostics(view.state, sorted.map((mark) => diagnostic(doc, mark))));
  view.dispatch({ effects: placeDots.of(dotsOf(doc, marks)) });
}

/** Selects a span and brings it into view. */
export function jump(view: EditorView, span: Span): void {
  const { from, to } = range(view.state.doc, span);
  view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  view.focus();
}
