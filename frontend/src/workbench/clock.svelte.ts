import { untrack } from "svelte";

/** The time, for what shows it. Ticks only while somebody looks. */
class Clock {
  now = $state(Date.now());
  #watchers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** What changes with each painted frame, as it was at the last tick: else nobody can read it, and each frame costs. What is final, as it is. */
  sample<Value>(read: () => Value, isFinal: boolean): Value {
    if (isFinal) return read();
    void this.now;
    return untrack(read);
  }

  /** For an effect: keeps the clock going until the effect ends. */
  watch = (): (() => void) => {
    if (this.#watchers++ === 0) {
      this.now = Date.now();
      this.#timer = setInterval(() => {
        this.now = Date.now();
      }, 500);
    }
    return () => {
      if (--this.#watchers === 0) clearInterval(this.#timer);
    };
  };
}

export const clock = new Clock();
