/** Milliseconds of silence until the page counts as not responding, and until it is closed. */
export const SILENT = 4000;
export const DEAD = 20_000;

export const TICK = 500;
/** More than this between two ticks is our own delay (a busy or sleeping computer), not the page's. */
const MOST_PER_TICK = 2 * TICK;

/** How long a page has been silent, counted in time during which it could have spoken. */
export class Pulse {
  #silence = 0;
  #last: number | null = null;

  get silence(): number {
    return this.#silence;
  }

  beat(): void {
    this.#silence = 0;
  }

  /** Called about every `TICK`. While the tab is hidden, browsers hold timers back: nobody is accused then. */
  tick(now: number, isHidden: boolean): "alive" | "silent" | "dead" {
    const passed = this.#last === null ? 0 : Math.min(Math.max(0, now - this.#last), MOST_PER_TICK);
    this.#last = now;
    this.#silence = isHidden ? 0 : this.#silence + passed;
    if (this.#silence >= DEAD) return "dead";
    return this.#silence >= SILENT ? "silent" : "alive";
  }
}
