/** Errors of the page, and files that did not load: half of all broken pages break without any error. */

import { LIMITS, type Source } from "../bridge/messages";
import type { Line } from "./line";
import { errorText, render } from "./rendering";
import { type Place, readableStack, sourceAt, sourceOf } from "./sources";
import { later } from "./timers";

/** The browser tells the status of a file a moment after the error. */
const PATIENCE = 150; // ms
const TRIES = 6;

export class Failures {
  private readonly told = new Set<string>();
  private readonly failing = new Set<string>();
  private readonly blocked = new Set<string>();
  private readonly callers = new Map<string, Source | null>();
  /** What the shelf said, and the status, of files that answered with an error. */
  private readonly answers = new Map<string, { status: number | null; note: string }>();

  constructor(
    private readonly line: Line,
    private readonly place: Place,
  ) {}

  readonly listen = (): void => {
    window.addEventListener("error", this.onError, true);
    window.addEventListener("unhandledrejection", this.onRejection);
    document.addEventListener("securitypolicyviolation", this.onViolation);
  };

  /** What answered, with what the shelf had to say about it. */
  observe(): void {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.read(entry as PerformanceResourceTiming);
    });
    observer.observe({ type: "resource", buffered: true });
  }

  /** Who asks for `url`: the browser will say that the prelude did. */
  expect(url: string): void {
    if (url.startsWith(this.place.base)) return;
    if (this.callers.size > 200) this.callers.clear();
    this.callers.set(url.slice(0, LIMITS.url), sourceOf(new Error().stack ?? "", this.place));
  }

  report(url: string, status: number | null, what: string, tries = TRIES): void {
    const address = url.slice(0, LIMITS.url);
    if (this.failing.size > 1000) this.failing.clear();
    this.failing.add(address);
    later(PATIENCE, () => {
      if (this.blocked.has(address)) return;
      const answer = this.answers.get(address);
      if (!answer && status === null && tries > 1) {
        this.report(address, status, what, tries - 1);
        return;
      }
      this.tell(address, status ?? answer?.status ?? null, what, answer?.note ?? "");
    });
  }

  private tell(url: string, status: number | null, what: string, note: string): void {
    if (this.told.has(url) && what !== "fetch") return;
    if (this.told.size > 1000) this.told.clear();
    this.told.add(url);
    this.line.say({ type: "failed", url, status, what, note });
  }

  private read(entry: PerformanceResourceTiming): void {
    const url = entry.name.slice(0, LIMITS.url);
    const note = noteOf(entry);
    const status = entry.responseStatus || null;
    if (status && status >= 400) {
      this.answers.set(url, { status, note });
      // A module that another one imports fails without any event that names it.
      const isCalled = entry.initiatorType === "fetch" || entry.initiatorType === "xmlhttprequest";
      if (!isCalled) this.report(url, status, entry.initiatorType);
    } else if (note) {
      this.answers.set(url, { status: null, note });
      // The status of a script without CORS is kept from us; its error tells.
      later(2 * PATIENCE, () => {
        if (!this.failing.has(url)) this.line.say({ type: "note", url, text: note });
      });
    }
  }

  private readonly onError = (event: Event): void => {
    if (event instanceof ErrorEvent) {
      const { error, message, filename, lineno, colno } = event;
      const stack = error instanceof Error ? errorText(error) : "";
      const source = sourceAt(filename, lineno, colno, this.place) ?? sourceOf(stack, this.place);
      this.error("uncaught", message, stack, source);
    } else if (event.target instanceof Element) {
      this.onFailedElement(event.target);
    }
  };

  private onFailedElement(element: Element): void {
    const { currentSrc, src, href, data } = element as unknown as Record<string, unknown>;
    const url = [currentSrc, src, href, data].find((value) => typeof value === "string" && value !== "");
    const what = element.localName;
    if (url) this.report(String(url), null, what);
    else if (what === "script")
      this.error("uncaught", "A module script could not be loaded: one of its imports failed", "", null);
  }

  private readonly onRejection = (event: PromiseRejectionEvent): void => {
    const { reason } = event;
    const isError = reason instanceof Error;
    const stack = isError ? errorText(reason) : "";
    const text = isError ? `${reason.name}: ${reason.message}` : render(reason);
    this.error("rejection", text, stack, sourceOf(stack, this.place));
  };

  private error(
    kind: "uncaught" | "rejection",
    text: string,
    stack: string,
    source: ReturnType<typeof sourceOf>,
  ): void {
    const readable = readableStack(stack, this.place);
    this.line.say({ type: "error", kind, text: text.slice(0, LIMITS.text), stack: readable, source });
  }

  private readonly onViolation = (event: SecurityPolicyViolationEvent): void => {
    const url = event.blockedURI.slice(0, LIMITS.url);
    if (this.blocked.size > 1000) this.blocked.clear();
    this.blocked.add(url);
    const source =
      sourceAt(event.sourceFile, event.lineNumber, event.columnNumber, this.place) ??
      this.callers.get(url) ??
      null;
    this.line.say({ type: "blocked", url, directive: event.effectiveDirective, source });
  };
}

/** The shelf's sentence: `Server-Timing: shelf;desc="<percent-encoded>"`. */
export function noteOf(entry: { serverTiming: readonly { name: string; description: string }[] }): string {
  const found = entry.serverTiming?.find(({ name }) => name === "shelf");
  if (!found) return "";
  try {
    return decodeURIComponent(found.description).slice(0, LIMITS.text);
  } catch {
    return found.description.slice(0, LIMITS.text);
  }
}
