import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.definitionKeyword, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.tagName, tags.typeName, tags.className], color: "var(--code-tag)" },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: "var(--code-string)" },
  { tag: [tags.monospace, tags.link, tags.url], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.regexp], color: "var(--code-number)" },
  { tag: [tags.color, tags.unit], color: "var(--code-number)" },
  { tag: [tags.attributeName, tags.propertyName, tags.labelName], color: "var(--code-name)" },
  {
    tag: [tags.comment, tags.meta, tags.processingInstruction, tags.angleBracket],
    color: "var(--ink-faint)",
  },
  { tag: tags.heading, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "600" },
]);

export const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "var(--text-sm)" },
  "&.cm-focused": { outline: "none" },
  ".cm-content:focus-visible": { outline: "none" },
  ".cm-content[aria-readonly]:focus-visible": { boxShadow: "inset 2px 0 var(--focus)" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "var(--space-3) 0" },
  ".cm-line": { padding: "0 var(--space-4) 0 var(--space-2)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "44px", padding: "0 var(--space-2)" },
  ".cm-changed": { backgroundColor: "var(--accent-wash)", boxShadow: "inset 2px 0 var(--accent)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--ink) 4%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-matchingBracket": { backgroundColor: "var(--accent-wash)", outline: "none" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-wash)" },
  ".cm-searchMatch": { backgroundColor: "light-dark(#fbe7a6, #574500)" },
  ".cm-searchMatch-selected": { backgroundColor: "light-dark(#f7c66f, #8a6100)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-search": { fontFamily: "var(--font-sans)", fontSize: "var(--text-sm)", padding: "var(--space-2)" },
  ".cm-search label": { fontSize: "var(--text-xs)" },
  ".cm-textfield": {
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-sm)",
    backgroundColor: "var(--surface)",
    fontSize: "var(--text-sm)",
    padding: "4px 8px",
  },
  ".cm-button": {
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-sm)",
    backgroundColor: "var(--surface)",
    backgroundImage: "none",
    fontSize: "var(--text-sm)",
    padding: "4px 8px",
  },
  ".cm-search [name=close]": { color: "var(--ink-soft)", fontSize: "18px" },
});
