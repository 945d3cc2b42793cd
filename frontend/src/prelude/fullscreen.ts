/** Full screen is the app's: it enlarges its own shell with the frame inside, and the element fills the frame. */

import type { Line } from "./line";
import { answer, give } from "./pristine";

const MARK = "data-playground-fullscreen";
const STYLE =
  `[${MARK}]{position:fixed!important;inset:0!important;width:100%!important;height:100%!important;` +
  "max-width:none!important;max-height:none!important;margin:0!important;z-index:2147483646!important}";

export class FullScreen {
  private element: Element | null = null;
  private wanted: Element | null = null;
  private waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(private readonly line: Line) {}

  start(): void {
    const request = (self: Element) => this.request(self);
    const exit = () => this.exit();
    for (const name of [
      "requestFullscreen",
      "webkitRequestFullscreen",
      "webkitRequestFullScreen",
      "mozRequestFullScreen",
    ]) {
      give(Element.prototype, name, function (this: Element) {
        return request(this);
      });
    }
    for (const name of [
      "exitFullscreen",
      "webkitExitFullscreen",
      "webkitCancelFullScreen",
      "mozCancelFullScreen",
    ]) {
      give(Document.prototype, name, exit);
    }
    for (const name of ["fullscreenElement", "webkitFullscreenElement", "webkitCurrentFullScreenElement"]) {
      answer(Document.prototype, name, () => this.element);
    }
    for (const name of ["fullscreenEnabled", "webkitFullscreenEnabled"]) {
      answer(Document.prototype, name, () => this.line.isOpen);
    }
    for (const name of ["fullscreen", "webkitIsFullScreen"])
      answer(Document.prototype, name, () => this.element !== null);
  }

  /** The app says that full screen began or ended. */
  change(on: boolean): void {
    const before = this.element;
    const element = on ? (this.wanted ?? document.documentElement) : null;
    this.element = element;
    this.wanted = null;
    this.mark(before, element);
    const told = element ?? before ?? document;
    for (const type of ["fullscreenchange", "webkitfullscreenchange"]) {
      (told.isConnected ? told : document).dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    }
    for (const { resolve, reject } of this.waiting.splice(0))
      on ? resolve() : reject(new TypeError("Fullscreen request denied"));
  }

  private request(element: Element): Promise<void> {
    if (!navigator.userActivation?.isActive || !element.isConnected || !this.line.isOpen) {
      later(() => document.dispatchEvent(new Event("fullscreenerror", { bubbles: true })));
      return Promise.reject(new TypeError("Fullscreen request denied"));
    }
    this.wanted = element;
    if (this.element) this.change(true);
    else this.line.say({ type: "fullscreen", on: true });
    return this.element
      ? Promise.resolve()
      : new Promise((resolve, reject) => {
          this.waiting.push({ resolve, reject });
        });
  }

  private exit(): Promise<void> {
    if (!this.element) return Promise.reject(new TypeError("Document not in fullscreen"));
    this.line.say({ type: "fullscreen", on: false });
    return Promise.resolve();
  }

  private mark(before: Element | null, element: Element | null): void {
    before?.removeAttribute(MARK);
    if (!element || element === document.documentElement || element === document.body) return;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
    element.setAttribute(MARK, "");
  }
}

let sheet: CSSStyleSheet | undefined;
const later = (action: () => void) => setTimeout(action);
