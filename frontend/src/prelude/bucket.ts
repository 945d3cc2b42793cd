/** A token bucket: so many at once, refilled at so many a second. */
export class Bucket {
  private tokens: number;
  private last: number;

  constructor(
    private readonly size: number,
    private readonly rate: number,
    private readonly now: () => number,
  ) {
    this.tokens = size;
    this.last = now();
  }

  take(): boolean {
    const now = this.now();
    this.tokens = Math.min(this.size, this.tokens + ((now - this.last) / 1000) * this.rate);
    this.last = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
