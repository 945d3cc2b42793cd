import { type Language as Grammar, StreamLanguage, type StreamParser } from "@codemirror/language";
import { css } from "@codemirror/legacy-modes/mode/css";
import { javascript, typescript } from "@codemirror/legacy-modes/mode/javascript";
import { html } from "@codemirror/legacy-modes/mode/xml";
import type { Language } from "./language";

/** Of another language inside HTML. */
interface Inner {
  parser: StreamParser<unknown>;
  state: unknown;
}

interface State {
  html: unknown;
  inner: Inner | null;
}

const UNIT = 2; // columns of an indent; the lexers want one, though nothing is indented by them
const INSIDE: Record<string, StreamParser<unknown>> = { script: javascript, style: css };
const END = /<\/(?:script|style)\b/i;
const AT_END = /^<\/(?:script|style)\b/i;

/** HTML with the scripts and styles in it. */
export const page: StreamParser<State> = {
  startState: () => ({ html: html.startState?.(UNIT), inner: null }),
  copyState: (state) => ({
    html: copy(html, state.html),
    inner: state.inner && { ...state.inner, state: copy(state.inner.parser, state.inner.state) },
  }),
  token(stream, state) {
    if (state.inner && stream.match(AT_END, false)) state.inner = null;
    if (state.inner) {
      const token = state.inner.parser.token(stream, state.inner.state);
      const text = stream.current();
      const end = text.search(END); // a page's script ends there, even inside a string
      if (end > 0) stream.backUp(text.length - end);
      return token;
    }
    const before = tagOf(state.html);
    const token = html.token(stream, state.html);
    const parser = before && stream.current() === ">" ? INSIDE[before] : undefined;
    if (parser) state.inner = { parser, state: parser.startState?.(UNIT) };
    return token;
  },
};

/**
 * Languages that are read line by line, each line once: for files that are written, where a grammar would read all of a
 * long script again with each word that comes. Markdown's grammar does not.
 */
export const LEXERS: Partial<Record<Language, Grammar>> = {
  html: StreamLanguage.define(page),
  css: StreamLanguage.define(css),
  javascript: StreamLanguage.define(javascript),
  typescript: StreamLanguage.define(typescript),
};

/** The tag whose attributes are read. */
function tagOf(state: unknown): string | undefined {
  return (state as { tagName: string | null }).tagName?.toLowerCase();
}

/** As StreamLanguage does it, where a parser says nothing else. */
function copy(parser: StreamParser<unknown>, state: unknown): unknown {
  if (parser.copyState) return parser.copyState(state);
  const fields = Object.entries(state as object);
  return Object.fromEntries(fields.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]));
}
