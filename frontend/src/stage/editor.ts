import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { markdown } from "@codemirror/lang-markdown";
import { bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, type StateEffect } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { FileView } from "../lib/run";
import { changeBetween, changedLines, markChanged } from "./changes";
import { colours, theme } from "./editorTheme";
import { GrammarChange } from "./grammar";
import { type Language, languageOf } from "./language";
import { LEXERS } from "./lexers";
import { Pace } from "./pace";
import { normaliseLines, tailOf } from "./tail";

const NEAR = 24; // px from the end that still count as being there
const UPWARDS = new Set(["ArrowUp", "PageUp", "Home"]);

export const LANGUAGES: Record<Language, () => Extension> = {
  html: () => html({ selfClosingTags: true }),
  css,
  javascript: () => javascript({ jsx: true }),
  typescript: () => javascript({ jsx: true, typescript: true }),
  markdown: () => markdown(),
  plain: () => [],
};

/** What the editor tells. */
export interface Listener {
  onfollowing: (isFollowing: boolean) => void;
  /** The person has changed the file. */
  onedit: (path: string, text: string) => void;
}

/**
 * A view of one file that may still grow, be edited by a wish, or by hand where that is allowed. It takes the whole text each time and appends what is
 * new, or changes what has changed;
 * while the file is written it stays at the end, unless the reader scrolls away.
 */
export class CodeEditor {
  readonly #view: EditorView;
  readonly #wrapping = new Compartment();
  readonly #phrases: Record<string, string>;
  readonly #editing = new Compartment();
  readonly #language = new Compartment();
  readonly #grammar = new GrammarChange();
  readonly #listener: Listener;
  /** Of the files looked at before: what can be undone, and where the cursor was. */
  readonly #states = new Map<string, EditorState>();
  /** Of a file that is written: what an update costs depends on its lines and on the machine. */
  readonly #pace = new Pace();
  #isEditable = false;
  #isShowing = false;
  #isWrapping = false;
  #isFollowing = true;
  #isGrowing = false;
  #isLeaving = false;
  #path = "";
  #text = "";
  #top = 0;

  /** `phrases`: the editor's own words in the reader's language. */
  constructor(parent: HTMLElement, phrases: Record<string, string>, listener: Listener) {
    this.#phrases = phrases;
    this.#listener = listener;
    this.#view = new EditorView({ parent, extensions: nonce() });
    const scroller = this.#view.scrollDOM;
    scroller.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    for (const sign of ["wheel", "touchmove", "pointerdown"]) {
      scroller.addEventListener(sign, (event) => this.#noteReader(event), { passive: true });
    }
    this.#view.dom.addEventListener("keydown", (event) => {
      this.#noteReader(event);
      if (event.key === "Escape" && this.#isEditable) event.stopPropagation(); // it lets Tab leave, and stops no answer
    });
  }

  show(file: FileView): void {
    if (file.state === "writing" && file.path === this.#path) {
      this.#pace.run(() => this.#show(file));
    } else {
      this.#pace.stop();
      this.#show(file);
    }
  }

  #show(file: FileView): void {
    const text = normaliseLines(file.text);
    const tail = file.path === this.#path ? tailOf(this.#text, text) : null;
    const isEdited = tail === null && file.path === this.#path && file.edits !== undefined;
    this.#isGrowing = file.state === "writing" && file.edits === undefined;
    this.#isShowing = true;
    if (isEdited) this.#change(text);
    else if (tail === null) this.#startOver(file, text);
    else if (tail) this.#append(tail);
    this.#isShowing = false;
    this.#text = text;
    if (file.state !== "writing" && this.#isLexed) this.#readGrammar();
    if (tail !== "" && !isEdited && this.#isFollowing && file.state === "writing") this.#scrollToEnd();
  }

  follow(): void {
    this.#setFollowing(true);
    this.#scrollToEnd();
  }

  /** Bring a place into view and put the cursor there. Lines and columns count from 1. */
  reveal(line: number, column: number): void {
    const { doc } = this.#view.state;
    const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
    const anchor = Math.min(to, from + Math.max(0, column - 1));
    this.#setFollowing(false);
    this.#view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    this.#view.focus();
  }

  setWrapping(isWrapping: boolean): void {
    this.#isWrapping = isWrapping;
    this.#view.dispatch({ effects: this.#wrapping.reconfigure(isWrapping ? EditorView.lineWrapping : []) });
  }

  setEditable(isEditable: boolean): void {
    if (this.#isEditable === isEditable) return;
    this.#isEditable = isEditable;
    this.#view.dispatch({ effects: this.#editing.reconfigure(this.#editingExtensions(this.#path)) });
  }

  destroy(): void {
    this.#pace.stop();
    this.#grammar.stop();
    this.#view.destroy();
  }

  #startOver(file: FileView, text: string): void {
    if (this.#path !== file.path) this.#states.set(this.#path, this.#view.state);
    this.#path = file.path;
    this.#grammar.stop();
    this.#top = 0;
    const known = this.#states.get(file.path);
    const isKnown = known?.doc.toString() === text;
    this.#view.setState(
      isKnown ? known : EditorState.create({ doc: text, extensions: this.#extensions(file) }),
    );
    if (isKnown)
      this.#view.dispatch({ effects: this.#editing.reconfigure(this.#editingExtensions(file.path)) });
    this.#view.scrollDOM.scrollTop = 0;
    this.#setFollowing(true);
  }

  get #isLexed(): boolean {
    const language = this.#language.get(this.#view.state);
    return language !== undefined && language === LEXERS[languageOf(this.#path)];
  }

  #readGrammar(): void {
    const grammar = LANGUAGES[languageOf(this.#path)]();
    const effects = this.#language.reconfigure(grammar);
    this.#grammar.begin(this.#view, () => this.#view.state.update({ effects }));
  }

  /** An edit happens in place, and in view unless the reader is elsewhere. */
  #change(text: string): void {
    const change = changeBetween(this.#text, text);
    const to = change.from + change.insert.length;
    const effects: StateEffect<unknown>[] = change.insert ? [markChanged.of({ from: change.from, to })] : [];
    if (this.#isFollowing) effects.push(EditorView.scrollIntoView(to, { y: "center" }));
    this.#view.dispatch({ changes: change, effects });
  }

  #append(insert: string): void {
    this.#view.dispatch({ changes: { from: this.#view.state.doc.length, insert } });
  }

  #scrollToEnd(): void {
    const scroller = this.#view.scrollDOM;
    this.#view.requestMeasure({
      read: () => scroller.scrollHeight,
      write: (height) => {
        if (!this.#isFollowing) return; // the reader has taken hold since
        scroller.scrollTop = height;
        this.#top = scroller.scrollTop;
      },
    });
  }

  #noteEdit(state: EditorState): void {
    if (this.#isShowing) return;
    this.#text = state.doc.toString();
    this.#listener.onedit(this.#path, this.#text);
  }

  /** Lines are now as high as they are, not as was thought when they came. */
  #noteHeights(): void {
    if (this.#isGrowing && this.#isFollowing) this.#scrollToEnd();
  }

  /** The reader is back at the end: follow again. Scrolls alone tell little: the editor makes some, too, as it measures. */
  #noteScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#view.scrollDOM;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (scrollTop > this.#top && isAtEnd && !this.#isLeaving) this.#setFollowing(true);
    this.#top = scrollTop;
  }

  /** The reader takes hold: upwards, by a drag, or in a search. */
  #noteReader(event: Event): void {
    const isKey = event instanceof KeyboardEvent;
    this.#isLeaving = event instanceof WheelEvent ? event.deltaY < 0 : isKey && UPWARDS.has(event.key);
    const isHolding = event.type === "pointerdown" || event.type === "touchmove";
    const isSearching = event.target instanceof HTMLInputElement;
    if (this.#isLeaving || isHolding || isSearching) this.#setFollowing(false);
  }

  #setFollowing(isFollowing: boolean): void {
    if (this.#isFollowing === isFollowing) return;
    this.#isFollowing = isFollowing;
    this.#listener.onfollowing(isFollowing);
  }

  #extensions({ path }: FileView): Extension {
    const lexer = this.#isGrowing ? LEXERS[languageOf(path)] : undefined;
    return [
      lineNumbers(),
      highlightSpecialChars(),
      bracketMatching(),
      changedLines,
      highlightSelectionMatches(),
      search({ top: true }),
      keymap.of(searchKeymap),
      syntaxHighlighting(colours),
      theme,
      this.#language.of(lexer ?? LANGUAGES[languageOf(path)]()),
      this.#wrapping.of(this.#isWrapping ? EditorView.lineWrapping : []),
      EditorState.phrases.of(this.#phrases),
      history(),
      this.#editing.of(this.#editingExtensions(path)),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.#noteEdit(update.state);
        else if (update.geometryChanged) this.#noteHeights();
      }),
      nonce(),
    ];
  }

  /** Tab indents; Escape and then Tab leaves the editor. */
  #editingExtensions(path: string): Extension {
    if (this.#isEditable) {
      return [
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        highlightActiveLine(),
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": path, spellcheck: "false" }),
      ];
    }
    return [
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": path, "aria-readonly": "true" }),
    ];
  }
}

/** The page's policy lets through only those style sheets made by scripts that carry its nonce. */
export function nonce(): Extension {
  return EditorView.cspNonce.of(document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "");
}
