// A text editor in a shadow tree: its style sheets are then objects, which the page's security policy admits.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, Text } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, placeholder,
} from "@codemirror/view";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Span } from "../engine/podgate";
import { coverage, showCoverage } from "./coverage";
import type { Coverage } from "./coverage";
import { jump, marksGutter, show } from "./marks";
import type { Mark } from "./marks";
import { theme } from "./theme";

interface Props {
  /** Which text it is, among all that editors show. */
  id: string;
  /** What the text is called for screen readers. */
  label: string;
  text: string;
  /** Called with every change that the visitor makes; without it the text can only be read. */
  onChange?: (text: string) => void;
  /** The language, its completion and the like. */
  extensions: Extension;
  marks?: Mark[];
  coverage?: Coverage | undefined;
  /** A place to go to; another object goes there anew. */
  target?: { span: Span } | undefined;
  hint?: string;
}

/** Replaces a selection without the browser's help, which writes the looks of what was there into `style` attributes. */
const replacing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || event.data === null || empty || view.composing || view.state.readOnly) return false;
    const text = event.data;
    const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const isTaken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert));
    if (!isTaken) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

const common: Extension = [
  lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), history(), drawSelection(), indentOnInput(),
  bracketMatching(), closeBrackets(), search({ top: true }), highlightSelectionMatches(),
  marksGutter, coverage, theme, replacing,
  // Also those that turn the direction of writing, and others that one does not see.
  highlightSpecialChars({ addSpecialChars: /\p{Cf}/u }),
  // Tab leaves the editor, as everywhere on the page; indentation is Ctrl-] and Ctrl-[.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
];

/** Who owns an editor: states are kept longer than the components that show them. */
const owners = new WeakMap<EditorView, Props>();

/** That a text was put in from outside, and not by the visitor. */
const given = Annotation.define<boolean>();

const changed = EditorView.updateListener.of((update) => {
  if (!update.docChanged || update.transactions.every((one) => one.annotation(given))) return;
  owners.get(update.view)?.onChange?.(update.state.sliceDoc());
});

/** Where the language is in a state: it may turn out to be another one. */
const language = new Compartment();

/** States of the texts that were shown last, so that undo and the cursor outlive a change of view. */
const kept = new Map<string, EditorState>();
const KEPT = 20;

function keep(id: string, state: EditorState): void {
  kept.delete(id);
  kept.set(id, state);
  for (const old of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(old);
  }
}

/** Places that were gone to already. */
const reached = new WeakSet<object>();

/** Whether all lines end as Windows has them; where only some do, those that are edited end in one way. */
const isWindows = (text: string): boolean => /\r\n/.test(text) && !/(?:^|[^\r])\n|\r(?!\n)/.test(text);

function stateOf({ text, label, hint, extensions, onChange }: Props): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      common, language.of(extensions), changed,
      isWindows(text) ? EditorState.lineSeparator.of("\r\n") : [],
      onChange === undefined ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : [],
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
      hint === undefined ? [] : placeholder(hint),
    ],
  });
}

// Effects run with the rendering itself: a moment later the visitor may have typed on, and the text of before would
// take the new letters back.

/** Give it `id` as `key`, too: each text has an editor of its own. */
export function Editor(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  if (view.current !== null) owners.set(view.current, props);

  useLayoutEffect(() => {
    const root = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: "open" });
    if (root === undefined) return undefined;
    const made = new EditorView({ state: kept.get(props.id) ?? stateOf(props), parent: root, root });
    view.current = made;
    owners.set(made, props);
    return () => {
      keep(props.id, made.state);
      made.destroy();
    };
  }, []);

  useLayoutEffect(() => {
    const now = view.current;
    if (now === null || language.get(now.state) === props.extensions) return;
    now.dispatch({ effects: language.reconfigure(props.extensions) });
  }, [props.extensions]);

  useLayoutEffect(() => {
    const state = view.current?.state;
    if (state === undefined) return;
    const text = Text.of(props.text.split(/\r\n?|\n/));
    if (!text.eq(state.doc)) view.current?.dispatch({ changes: { from: 0, to: state.doc.length, insert: text }, annotations: given.of(true) });
  }, [props.text]);

  useLayoutEffect(() => {
    if (view.current !== null) show(view.current, props.marks ?? []);
  }, [props.marks]);

  useLayoutEffect(() => {
    if (view.current !== null) showCoverage(view.current, props.coverage);
  }, [props.coverage]);

  useLayoutEffect(() => {
    if (view.current === null || props.target === undefined || reached.has(props.target)) return;
    reached.add(props.target);
    jump(view.current, props.target.span);
  }, [props.target]);

  return <div class="editor" ref={host} />;
}
