import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { markdown } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Language } from "./languages";
import { COMPARED, tailOf } from "./tail";

const NEAR = 40; // pixels from the end within which the reader is following

const LANGUAGES: Record<Language, () => Extension> = {
  html: () => html(),
  css: () => css(),
  javascript: () => javascript({ jsx: true, typescript: true }),
  markdown: () => markdown(),
  plain: () => [],
};

const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier],
    color: "var(--code-keyword)",
  },
  {
    tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue],
    color: "var(--code-string)",
  },
  { tag: [tags.number, tags.bool, tags.null, tags.unit, tags.color], color: "var(--code-number)" },
  { tag: [tags.tagName, tags.typeName, tags.className], color: "var(--code-tag)" },
  { tag: [tags.attributeName, tags.propertyName], color: "var(--code-name)" },
  { tag: [tags.comment, tags.meta, tags.documentMeta], color: "var(--ink-faint)", fontStyle: "italic" },
  { tag: tags.heading, fontWeight: "600" },
]);

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--ink)", fontSize: "var(--text-sm)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-faint)", border: "none" },
  ".cm-content": { padding: "8px 0" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent) !important",
  },
});

export type CodeEditor = ReturnType<typeof openEditor>;

/** A read-only editor that text can be streamed into. `onFollow` hears whether it keeps to the end. */
export function openEditor(parent: HTMLElement, language: Language, onFollow: (following: boolean) => void) {
  const wrapping = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ tabindex: "0", "aria-readonly": "true" }),
        wrapping.of([]),
        LANGUAGES[language](),
        syntaxHighlighting(colours),
        look,
        EditorView.cspNonce.of(document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? ""),
      ],
    }),
  });
  let isFollowing = true;

  view.scrollDOM.addEventListener("scroll", () => {
    const { scrollHeight, scrollTop, clientHeight } = view.scrollDOM;
    isFollowing = scrollHeight - scrollTop - clientHeight < NEAR;
    onFollow(isFollowing);
  });

  function toEnd() {
    view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.length, { y: "end" }) });
  }

  return {
    /** Bring the text up to date: what is new is appended, anything else replaces the whole. */
    show(text: string, isWriting: boolean) {
      const { doc } = view.state;
      const end = doc.sliceString(Math.max(0, doc.length - COMPARED));
      const tail = tailOf({ length: doc.length, end }, text);
      if (tail === "") return;
      if (tail === null) view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
      else view.dispatch({ changes: { from: doc.length, insert: tail } });
      if (isWriting && isFollowing) toEnd();
    },
    setWrap(wrap: boolean) {
      view.dispatch({ effects: wrapping.reconfigure(wrap ? EditorView.lineWrapping : []) });
    },
    follow() {
      isFollowing = true;
      onFollow(true);
      toEnd();
    },
    destroy() {
      view.destroy();
    },
  };
}
