/** Where something happened, from the lines of a stack. */

import { LIMITS, type Source } from "../bridge/messages";

/** How the prelude's own lines are named in stacks: its `sourceURL`. */
export const OWN = "playground-prelude";

export interface Place {
  /** The address below which the artifact's files are, with a slash at its end. */
  base: string;
  /** The document itself. */
  page: string;
  /** So many characters the host put before the author's on the line of the prelude. */
  injected: number;
}

/** The address of all files of the artifact that `page` is of: `<host>/v/<n>/`, `<host>/s/<token>/`, with a prefix or not. */
export function baseOf(page: string): string {
  const match = /^https?:\/\/[^/]+(?:\/[^/]+)?\/(?:v\/\d+|s\/[^/]+)\//.exec(page);
  return match ? match[0] : new URL(".", page).href;
}

export function relative(url: string, place: Place): string {
  const path = url.startsWith(place.base) ? url.slice(place.base.length) : url;
  return path.replace(/[?#].*$/, "").slice(0, LIMITS.url) || "index.html";
}

export function sourceAt(url: string, line: number, column: number, place: Place): Source | null {
  if (!url || url === OWN || !line) return null;
  const isInjected = url.replace(/#.*$/, "") === place.page.replace(/#.*$/, "") && column > place.injected;
  return { path: relative(url, place), line, column: isInjected ? column - place.injected : column };
}

/** The first place in a stack that is not the prelude's. */
export function sourceOf(stack: string, place: Place): Source | null {
  for (const line of stack.split("\n")) {
    const found = readLine(line);
    const source = found && sourceAt(found.url, found.line, found.column, place);
    if (source) return source;
  }
  return null;
}

/** Chromium: `at f (url:1:2)`, `at url:1:2`; Firefox and Safari: `f@url:1:2`. Of evaluated code the place of the call. */
function readLine(text: string): { url: string; line: number; column: number } | null {
  const match = /((?:https?|blob|data|file):[^\s()]*|playground-prelude):(\d+):(\d+)/.exec(text);
  if (!match?.[1]) return null;
  return { url: match[1], line: Number(match[2]), column: Number(match[3]) };
}

/** A stack as people read it: the artifact's own paths, without the lines of the prelude. */
export function readableStack(stack: string, place: Place): string {
  const lines = stack.split("\n").filter((line) => !line.includes(OWN));
  return lines.join("\n").replaceAll(place.base, "").slice(0, LIMITS.text);
}
