import type { Mark } from "./marks";
import { lengthOf, type Place, placeAt, type Span } from "./timeline";

export const SPEEDS = [1, 2, 4, 8] as const;
const PAINT = 30; // milliseconds between two pictures
const LATE = 1500; // milliseconds within which one who skips back means the chapter before

/** Runs through the film. Times are milliseconds of the film. */
export class Player {
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
  readonly length: number;
  time = $state(0);
  isPlaying = $state(false);
  speed = $state(1);
  /** Counts what makes a page that is being written start over. */
  turn = $state(0);
  readonly place: Place = $derived.by(() => placeAt(this.spans, this.time));
  #request = 0;
  #painted = 0;

  constructor(spans: readonly Span[], marks: readonly Mark[] = []) {
    this.spans = spans;
    this.marks = marks;
    this.length = lengthOf(spans);
  }

  get span(): Span | undefined {
    return this.spans[this.place.index];
  }

  get isOver(): boolean {
    return this.time >= this.length;
  }

  play(): void {
    if (this.isPlaying || this.length === 0) return;
    if (this.isOver) this.time = 0;
    this.isPlaying = true;
    this.#goOn();
  }

  pause(): void {
    this.isPlaying = false;
    cancelAnimationFrame(this.#request);
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  seek(time: number): void {
    this.time = Math.min(Math.max(0, time), this.length);
    this.turn += 1;
    if (this.isPlaying) this.#goOn();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.turn += 1;
  }

  /** The step of a build that the film is in. */
  get mark(): Mark | undefined {
    const { index } = this.place;
    return this.marks.findLast((mark) => mark.index === index && mark.at <= this.time);
  }

  /** To the beginning of the version, or of the step of a build, or of one before or after it. */
  skip(chapters: -1 | 1): void {
    const stops = [...this.spans.map(({ start }) => start), ...this.marks.map(({ at }) => at)].sort(
      (a, b) => a - b,
    );
    const slack = this.isPlaying ? LATE : 0; // it has gone on since it was there
    if (chapters < 0) this.seek(stops.findLast((stop) => stop < this.time - slack) ?? 0);
    else this.seek(stops.find((stop) => stop > this.time) ?? this.length);
  }

  #goOn(): void {
    cancelAnimationFrame(this.#request);
    this.turn += 1;
    this.#painted = performance.now();
    this.#request = requestAnimationFrame((now) => this.#paint(now));
  }

  #paint(now: number): void {
    const passed = now - this.#painted;
    if (passed >= PAINT) {
      this.#painted = now;
      this.time = Math.min(this.length, this.time + passed * this.speed);
      if (this.isOver) {
        this.pause();
        return;
      }
    }
    this.#request = requestAnimationFrame((next) => this.#paint(next));
  }
}
