import type { Kind } from "./transport";

/** One round of tries, the best first; a websocket may fail once by chance. */
const ROUND: Kind[] = ["websocket", "websocket", "stream", "poll"];
const KEY = "pg-transport";

/** Which way to try next. A failure says nothing by itself, the server may be away: a way is chosen when it works. */
export class Choice {
  #at: number;
  #failures = 0;

  /** `memory` lasts as long as the tab. */
  constructor(private readonly memory: Pick<Storage, "getItem" | "setItem">) {
    this.#at = Math.max(0, ROUND.indexOf(memory.getItem(KEY) as Kind));
  }

  get kind(): Kind {
    return ROUND[this.#at] as Kind;
  }

  works(kind: Kind): void {
    this.#at = ROUND.indexOf(kind);
    this.#failures = 0;
    this.memory.setItem(KEY, kind);
  }

  /** Returns whether now all ways have failed. A second try is for what was refused, not for what hangs. */
  failed(silent: boolean): boolean {
    const steps = silent && this.#at === 0 ? 2 : 1;
    this.#at = (this.#at + steps) % ROUND.length;
    this.#failures += steps;
    if (this.#failures < ROUND.length) return false;
    this.#failures = 0;
    return true;
  }
}

/** What would be better than this way, the best first. */
export function betterThan(kind: Kind): Kind[] {
  return [...new Set(ROUND.slice(0, ROUND.indexOf(kind)))];
}
