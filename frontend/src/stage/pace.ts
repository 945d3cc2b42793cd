const SHARE = 25; // of the time, one part in so many goes to what is shown
const LONGEST = 1000; // milliseconds

/** Does something again and again, as often as its cost allows: what takes 1 ms each painted frame, what takes 20 ms twice a second. */
export class Pace {
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** In place of what still waits. */
  run(work: () => void): void {
    this.stop();
    const wait = this.#next - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#do(work), wait);
    else this.#do(work);
  }

  /** What still waits is not done any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #do(work: () => void): void {
    const start = performance.now();
    work();
    const end = performance.now();
    this.#next = end + Math.min(LONGEST, (end - start) * SHARE);
  }
}
