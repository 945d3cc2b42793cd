/** So many at once, refilled at so many a second. Times are milliseconds. Calls nothing that a page may have changed. */
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
    const passed = now > this.#at ? now - this.#at : 0;
    this.#at = now;
    this.#level += (passed / 1000) * this.rate;
    if (this.#level > this.capacity) this.#level = this.capacity;
    if (this.#level < 1) return false;
    this.#level -= 1;
    return true;
  }
}
