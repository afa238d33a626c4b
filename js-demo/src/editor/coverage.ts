// Which lines of a policy its tests reached: a stripe at the line's begin.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import type { DecorationSet } from "@codemirror/view";

/** Lines from 1. */
export interface Coverage {
  covered: number[];
  notCovered: number[];
}

const covered = Decoration.line({ class: "cm-covered" });
const uncovered = Decoration.line({ class: "cm-uncovered" });
const place = StateEffect.define<DecorationSet>();

const stripes = StateField.define<DecorationSet>({
  create: () => RangeSet.empty,
  update(old, transaction) {
    const placed = transaction.effects.find((effect) => effect.is(place));
    if (placed !== undefined) return placed.value as DecorationSet;
    // What the tests said is of the text as it was.
    return transaction.docChanged ? RangeSet.empty : old;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const coverage: Extension = stripes;

/** Shows which lines were reached. */
export function showCoverage(view: EditorView, lines: Coverage | undefined): void {
  const { doc } = view.state;
  const all = [
    ...(lines?.covered ?? []).map((line) => ({ line, stripe: covered })),
    ...(lines?.notCovered ?? []).map((line) => ({ line, stripe: uncovered })),
  ];
  const inside = all.filter(({ line }) => line >= 1 && line <= doc.lines).sort((a, b) => a.line - b.line);
  view.dispatch({ effects: place.of(Decoration.set(inside.map(({ line, stripe }) => stripe.range(doc.line(line).from)))) });
}
