/**
 * Ways of writing HTML that need an eye.
 *
 * `document.open` takes all listeners from the document and the window, the prelude's too. And nobody can look into a
 * closed shadow root that HTML declares, so scripts cannot declare any. (In the served file the host opens them.)
 */

import { getter, method, wrap } from "./pristine";

const charCodeAt = method<number>(String.prototype, "charCodeAt");
const slice = method<string>(String.prototype, "slice");
const toLowerCase = method<string>(String.prototype, "toLowerCase");
const includes = method<boolean>(String.prototype, "includes");
const open = method(Document.prototype, "open");
const readyState = getter<string>(Document.prototype, "readyState");
const toText = String;

const MODE = "shadowrootmode";
const CASE = 32;

/** Not by regular expression: their methods look up each other where the page may have replaced them. */
export function withoutRoots(html: string): string {
  if (!includes(toLowerCase(html), MODE)) return html;
  let result = "";
  let from = 0;
  for (let at = 0; at < html.length; at++) {
    let matched = 0;
    while (matched < MODE.length && (charCodeAt(html, at + matched) | CASE) === charCodeAt(MODE, matched))
      matched++;
    if (matched < MODE.length) continue;
    result += `${slice(html, from, at)}data-`;
    from = at;
  }
  return result + slice(html, from);
}

export function refuseDeclaredRoots(): void {
  const checked = (args: unknown[]) => {
    if (args.length) args[0] = withoutRoots(toText(args[0]));
    return args;
  };
  for (const owner of [Element.prototype, ShadowRoot.prototype]) {
    wrap(owner, "setHTMLUnsafe", (native, self, args) => native(self, checked(args)));
  }
  wrap(Document, "parseHTMLUnsafe", (native, self, args) => native(self, checked(args)));
}

/** `listen` puts the listeners of the prelude back. */
export function watchWriting(listen: () => void): void {
  wrap(Document.prototype, "open", (native, self, args) => {
    if (args.length > 2) return null; // window.open by another name
    const result = native(self, args);
    listen();
    return result;
  });
  let tail = "";
  for (const name of ["write", "writeln"]) {
    wrap(Document.prototype, name, (native, self, args) => {
      let html = "";
      for (let at = 0; at < args.length; at++) html += toText(args[at]);
      html = withoutRoots(html);
      if (includes(toLowerCase(tail + html), MODE) && !includes(toLowerCase(html), MODE)) html = `-${html}`;
      tail = slice(tail + html, -MODE.length);
      if (self === document && readyState(document) === "complete") {
        open(document);
        listen();
      }
      return native(self, [html]);
    });
  }
}
