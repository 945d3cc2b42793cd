/** So many at once, refilled at so many a second. Times are milliseconds. */
export class Bucket {
  #level: number;
  #at = 0;

  constructor(
    readonly capacity: number,
    readonly rate: number,
  ) {
    this.#level = capacity;
  }

  /** Take one; false where none is left. */
  take(now: number): boolean {
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#level = Math.min(this.capacity, this.#level + (passed / 1000) * this.rate);
    if (this.#level < 1) return false;
    this.#level -= 1;
    return true;
  }
}
