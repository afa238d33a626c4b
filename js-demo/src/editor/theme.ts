// How editors look: the page's own colours, which follow light and dark.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

const severities = ["critical", "high", "medium", "low", "info"];

// Lines under text instead of the library's pictures, which the security policy of the page does not admit. Of several
// in one place the worst counts, which stands last.
const underlines = Object.fromEntries(
  severities.toReversed().map((severity) => [
    `.cm-lintRange.mark-${severity}`,
    {
      backgroundImage: "none",
      textDecoration: `underline ${severity === "low" || severity === "info" ? "dotted" : "wavy"} var(--${severity})`,
      textDecorationSkipInk: "none",
      textUnderlineOffset: "3px",
    },
  ]),
);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--editor)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0 40vh" },
  ".cm-gutters": { backgroundColor: "var(--editor)", color: "var(--faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 10px 0 6px", minWidth: "34px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-lintRange": { backgroundImage: "none" },
  ...underlines,
  ".cm-lintRange-active": { backgroundColor: "var(--selection)" },
  ".cm-lintPoint::after": { display: "none" },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)", color: "var(--text)", border: "1px solid var(--border)", borderRadius: "6px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 18%)", maxWidth: "min(560px, 92vw)", fontFamily: "var(--sans)", fontSize: "13px",
  },
  ".cm-tooltip-lint .cm-diagnostic": { borderLeft: "none", padding: "7px 10px", marginLeft: "0", whiteSpace: "normal" },
  ".cm-diagnostic strong": { fontWeight: "600" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--faint)", marginLeft: "10px" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionIcon": { display: "none" },
  ".cm-completionInfo": { maxWidth: "320px", lineHeight: "1.4" },
  ".cm-hover": { padding: "7px 10px", lineHeight: "1.45" },
  ".cm-hover code": { fontFamily: "var(--mono)", fontWeight: "600" },
  ".cm-marks": { width: "14px" },
  ".cm-mark": { width: "8px", height: "8px", borderRadius: "2px", margin: "6px 0 0 5px" },
  ...Object.fromEntries(severities.map((s) => [`.cm-mark.mark-${s}`, { backgroundColor: `var(--${s})` }])),
  ".cm-mark.mark-low, .cm-mark.mark-info": { borderRadius: "50%", width: "6px", height: "6px", margin: "7px 0 0 6px" },
  ".cm-covered": { boxShadow: "inset 3px 0 0 var(--good)" },
  ".cm-uncovered": { boxShadow: "inset 3px 0 0 var(--critical)" },
  ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--text)", borderColor: "var(--border)" },
  ".cm-panel.cm-search": { fontFamily: "var(--sans)" },
  ".cm-panel.cm-search label": { fontSize: "12px" },
  ".cm-textfield": { backgroundColor: "var(--editor)", color: "var(--text)", border: "1px solid var(--border)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--panel)", color: "var(--text)", border: "1px solid var(--border)" },
  ".cm-selectionMatch": { backgroundColor: "var(--active)", outline: "1px solid var(--border)" },
  ".cm-searchMatch": { backgroundColor: "var(--selection)" },
  ".cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-placeholder": { color: "var(--faint)", whiteSpace: "pre-wrap", maxWidth: "max(200px, min(54ch, 38vw))" },
  ".cm-specialChar": { color: "var(--critical)", backgroundColor: "var(--critical-ground)" },
});

const colours = HighlightStyle.define([
  { tag: [t.comment, t.lineComment], color: "var(--syntax-comment)" },
  { tag: [t.definition(t.propertyName), t.propertyName, t.tagName], color: "var(--syntax-key)" },
  { tag: [t.string, t.special(t.string), t.attributeValue], color: "var(--syntax-string)" },
  { tag: [t.number, t.bool, t.null, t.atom], color: "var(--syntax-atom)" },
  { tag: [t.keyword, t.definitionKeyword, t.controlKeyword, t.moduleKeyword], color: "var(--syntax-keyword)" },
  { tag: [t.standard(t.variableName), t.function(t.variableName), t.namespace, t.attributeName], color: "var(--syntax-function)" },
  { tag: [t.meta, t.separator, t.punctuation], color: "var(--faint)" },
]);

export const theme = [look, syntaxHighlighting(colours)];
