/**
 * The session history of a page that must not fill that of the tab.
 *
 * What a page pushes replaces the one real entry of the frame and goes on a stack here, over which `back` and `forward`
 * move. `location.hash = …` cannot be caught in an opaque origin: the entries that it makes are taken back afterwards,
 * by going to the first of them and pushing once. One entry stays, so that the tab's forward entries are dropped.
 */

import { Bucket } from "../bridge/bucket";
import { answer, getter, method, wrap } from "./pristine";
import { later } from "./timers";

const now = performance.now.bind(performance);

type Entry = { url: string; state: unknown };

const nativeLength = getter<number>(History.prototype, "length");
const nativeState = getter<unknown>(History.prototype, "state");
const nativeGo = method<void>(History.prototype, "go");
const nativeReplace = method<void>(History.prototype, "replaceState");
const nativePush = method<void>(History.prototype, "pushState");
const stopImmediate = method<void>(Event.prototype, "stopImmediatePropagation");

/** The state of the frame's own entry: so it is known again. Pages see the states of the stack. */
const BASE = { playground: "base" };
const SPARE = 2; // entries that may stay for a moment
const CAP = 50; // entries of a tab: then their number tells nothing
const PATIENCE = 1000; // ms

export class PageHistory {
  private stack: Entry[] = [{ url: location.href, state: null }];
  private at = 0;
  private known = nativeLength(history);
  private piled = 0;
  private base = location.href;
  private repairing = false;
  private wanted = "";
  private restoration: ScrollRestoration = "auto";
  private turn = 0;
  private readonly bucket = new Bucket(100, 20);

  readonly listen = (): void => {
    window.addEventListener("hashchange", this.onHash, true);
    window.addEventListener("popstate", this.onPop, true);
  };

  start(): void {
    nativeReplace(history, BASE, "");
    wrap(History.prototype, "pushState", (_native, _self, [state, , url]) => this.put(state, url, true));
    wrap(History.prototype, "replaceState", (_native, _self, [state, , url]) => this.put(state, url, false));
    wrap(History.prototype, "go", (_native, _self, [delta]) => this.go(Number(delta) || 0));
    wrap(History.prototype, "back", () => this.go(-1));
    wrap(History.prototype, "forward", () => this.go(1));
    answer(History.prototype, "length", () => this.stack.length);
    answer(History.prototype, "state", () => this.stack[this.at]?.state ?? null);
  }

  private put(state: unknown, url: unknown, isNew: boolean): void {
    const kept = structuredClone(state);
    if (this.bucket.take(now())) this.replace(url === undefined || url === null ? undefined : String(url));
    this.record(kept, isNew);
  }

  private record(state: unknown, isNew: boolean): void {
    const entry = { url: location.href, state };
    if (!isNew) {
      this.stack[this.at] = entry;
      return;
    }
    this.stack = [...this.stack.slice(0, this.at + 1), entry].slice(-CAP);
    this.at = this.stack.length - 1;
  }

  private replace(url: string | undefined): void {
    nativeReplace(history, this.piled ? null : BASE, "", url);
    if (!this.piled) this.base = location.href;
  }

  private go(delta: number): void {
    if (delta === 0) location.reload();
    const at = this.at + delta;
    const entry = this.stack[at];
    if (!entry || delta === 0) return;
    later(0, () => {
      const before = location.href;
      this.at = at;
      this.replace(entry.url);
      window.dispatchEvent(new PopStateEvent("popstate", { state: entry.state }));
      if (before.split("#")[0] === entry.url.split("#")[0] && before !== entry.url) {
        window.dispatchEvent(new HashChangeEvent("hashchange", { oldURL: before, newURL: entry.url }));
      }
    });
  }

  private readonly onHash = (event: HashChangeEvent): void => {
    if (!event.isTrusted) return;
    if (this.repairing && event.newURL === this.base) {
      stopImmediate(event);
      return;
    }
    const grown = this.growth();
    this.piled += grown;
    this.wanted = event.newURL;
    this.note(event.newURL, grown > 0);
    if (this.piled > SPARE) this.repair();
  };

  private readonly onPop = (event: PopStateEvent): void => {
    if (!event.isTrusted || !this.repairing) return;
    const grown = this.growth();
    this.piled += grown;
    if (grown) return; // the page went on meanwhile
    stopImmediate(event);
    if (nativeState(history) === null) nativeGo(history, -1);
    else this.finish();
  };

  private growth(): number {
    const length = nativeLength(history);
    const grown = Math.max(length - this.known, 0);
    this.known = length;
    return grown || (length >= CAP && !this.repairing ? 1 : 0);
  }

  /** A step that the page made by hash; or a person's Back to an entry that was spare. */
  private note(url: string, isNew: boolean): void {
    if (this.stack[this.at]?.url === url) return;
    const near = [this.at - 1, this.at + 1].find((at) => this.stack[at]?.url === url);
    if (!isNew && near !== undefined) this.at = near;
    else this.record(null, true);
  }

  private repair(): void {
    if (this.repairing) return;
    this.repairing = true;
    this.restoration = history.scrollRestoration;
    history.scrollRestoration = "manual";
    nativeGo(history, -this.piled);
    const turn = ++this.turn;
    later(PATIENCE, () => {
      if (this.repairing && turn === this.turn) this.end();
    });
  }

  private finish(): void {
    nativePush(history, null, "", this.wanted);
    this.known = nativeLength(history);
    this.end();
  }

  private end(): void {
    this.piled = 1;
    history.scrollRestoration = this.restoration;
    // The last events of the way back come in after this.
    later(50, () => {
      this.repairing = false;
    });
  }
}
