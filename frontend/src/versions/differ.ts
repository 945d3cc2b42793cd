import { syntaxHighlighting } from "@codemirror/language";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import { LANGUAGES, nonce } from "../stage/editor";
import { colours, theme } from "../stage/editorTheme";
import { languageOf } from "../stage/language";

export interface Texts {
  path: string;
  before: string;
  after: string;
  names: { before: string; after: string };
  isWhole: boolean;
  isWrapping: boolean;
  /** The comparison's own words in the reader's language. */
  phrases: Record<string, string>;
}

const UNCHANGED = { margin: 3, minSize: 6 };
const DIFF = { scanLimit: 1000, timeout: 500 };

/** Beside each other, line by line. */
export function showSplit(parent: HTMLElement, texts: Texts): { destroy(): void } {
  const { before, after, names } = texts;
  return new MergeView({
    parent,
    a: { doc: before, extensions: extensions(texts, `${texts.path}, ${names.before}`) },
    b: { doc: after, extensions: extensions(texts, `${texts.path}, ${names.after}`) },
    diffConfig: DIFF,
    ...(texts.isWhole ? {} : { collapseUnchanged: UNCHANGED }),
  });
}

/** The later text, with what has gone between its lines. */
export function showUnified(parent: HTMLElement, texts: Texts): { destroy(): void } {
  const { before, after, names, path } = texts;
  const merge = unifiedMergeView({
    original: before,
    mergeControls: false,
    diffConfig: DIFF,
    ...(texts.isWhole ? {} : { collapseUnchanged: UNCHANGED }),
  });
  const label = `${path}, ${names.before} – ${names.after}`;
  return new EditorView({ parent, doc: after, extensions: [extensions(texts, label), merge] });
}

function extensions({ path, isWrapping, phrases }: Texts, label: string): Extension {
  return [
    lineNumbers(),
    highlightSpecialChars(),
    syntaxHighlighting(colours),
    theme,
    marks,
    LANGUAGES[languageOf(path)](),
    isWrapping ? EditorView.lineWrapping : [],
    EditorState.readOnly.of(true),
    EditorState.phrases.of(phrases),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, "aria-readonly": "true" }),
    nonce(),
  ];
}

const GONE = "color-mix(in srgb, var(--danger) 8%, transparent)";
const COME = "color-mix(in srgb, var(--ok) 9%, transparent)";

/** The very words: a deeper ground would take the contrast from the colours of the code. */
const underline = (colour: string) => `inset 0 -2px color-mix(in srgb, var(${colour}) 70%, transparent)`;

/** What has gone is red and what has come is green, in both layouts and both themes. */
const marks = EditorView.theme({
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: GONE },
  "&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine": { backgroundColor: COME },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
    background: GONE,
    boxShadow: underline("--danger"),
  },
  "&.cm-merge-b .cm-changedText": { background: COME, boxShadow: underline("--ok") },
  "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: "var(--danger)" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--ok)" },
  ".cm-deletedChunk": { padding: "0 var(--space-4) 0 var(--space-2)" },
  ".cm-collapsedLines": {
    padding: "3px var(--space-4)",
    background: "var(--sunken)",
    color: "var(--ink-soft)",
    fontFamily: "var(--font-sans)",
    fontSize: "var(--text-xs)",
    "&:before, &:after": { content: "none" },
  },
});
