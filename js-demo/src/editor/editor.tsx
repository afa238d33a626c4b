// A text editor in a shadow tree: its style sheets are then objects, which the page's security policy admits.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder,
} from "@codemirror/view";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Span } from "../engine/podgate";
import { coverage, showCoverage } from "./coverage";
import type { Coverage } from "./coverage";
import { jump, marksGutter, show } from "./marks";
import type { Mark } from "./marks";
import { theme } from "./theme";

interface Props {
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
  // Tab leaves the editor, as everywhere on the page; indentation is Ctrl-] and Ctrl-[.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
];

// Effects run with the rendering itself: a moment later the visitor may have typed on, and the text of before would
// take the new letters back.

/** Give it a `key` for each text that it shows: undo ends with the text. */
export function Editor(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useLayoutEffect(() => {
    const root = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: "open" });
    if (root === undefined) return undefined;
    const changed = EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
    });
    const readOnly = props.onChange === undefined ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : [];
    const attributes = EditorView.contentAttributes.of({ "aria-label": props.label, spellcheck: "false", tabindex: "0" });
    const extensions = [common, props.extensions, changed, readOnly, attributes, props.hint ? placeholder(props.hint) : []];
    const made = new EditorView({ state: EditorState.create({ doc: props.text, extensions }), parent: root, root });
    view.current = made;
    return () => made.destroy();
  }, []);

  useLayoutEffect(() => {
    const doc = view.current?.state.doc;
    if (doc === undefined || doc.toString() === props.text) return;
    view.current?.dispatch({ changes: { from: 0, to: doc.length, insert: props.text } });
  }, [props.text]);

  useLayoutEffect(() => {
    if (view.current !== null) show(view.current, props.marks ?? []);
  }, [props.marks]);

  useLayoutEffect(() => {
    if (view.current !== null) showCoverage(view.current, props.coverage);
  }, [props.coverage]);

  useLayoutEffect(() => {
    if (view.current !== null && props.target !== undefined) jump(view.current, props.target.span);
  }, [props.target]);

  return <div class="editor" ref={host} />;
}
