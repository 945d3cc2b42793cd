import { flushSync } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { applyFrames, emptyRun, isOver, type RunView } from "../lib/run";
import type { Frame, RunInfo } from "../protocol.gen";
import type { RunFollower } from "../transport/follower";

const TURN = 8; // milliseconds of a painted frame for what has come
const HIDDEN = 250; // milliseconds between two turns where nothing is painted

/** The runs as their logs tell them: follows each, and applies its frames together, once per painted frame. */
export class RunViews {
  readonly #views = new SvelteMap<string, RunView>();
  readonly #follower: Pick<RunFollower, "follow">;
  readonly #onchange: (before: RunView, after: RunView) => void;
  /** Frames by their run, the run first of which one came first. */
  readonly #waiting = new Map<string, Frame[]>();
  #isScheduled = false;
  /** Runs whose veil was lifted: their logs are read again from the beginning, and shown when they are whole. */
  readonly #retold = new Map<string, RunView>();

  /** `onchange`: of a run that was known before. */
  constructor(follower: Pick<RunFollower, "follow">, onchange: (before: RunView, after: RunView) => void) {
    this.#follower = follower;
    this.#onchange = onchange;
  }

  get(id: string): RunView | undefined {
    return this.#views.get(id);
  }

  follow(run: RunInfo): void {
    const view = this.#views.get(run.id) ?? emptyRun(run);
    this.#views.set(run.id, view);
    if (isOver(view)) return;
    this.#follower.follow(
      run.id,
      view.seq,
      (frame) => this.#collect(frame),
      (refused) => this.#views.set(run.id, { ...view, phase: "failed", problem: refused.error }),
    );
  }

  retell(run: RunInfo): void {
    this.#retold.set(run.id, emptyRun(run));
    this.#follower.follow(
      run.id,
      0,
      (frame) => this.#collect(frame),
      () => this.#retold.delete(run.id),
    );
  }

  #collect(frame: Frame): void {
    const waiting = this.#waiting.get(frame.run);
    if (waiting) waiting.push(frame);
    else this.#waiting.set(frame.run, [frame]);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    if (document.hidden) setTimeout(() => this.#applyWaiting(), HIDDEN);
    else requestAnimationFrame(() => this.#applyWaiting());
  }

  /** As many runs as a painted frame has time for; a long conversation comes with all of its answers at once. */
  #applyWaiting(): void {
    this.#isScheduled = false;
    const end = performance.now() + TURN;
    for (const [id, frames] of this.#waiting) {
      this.#waiting.delete(id);
      this.#apply(id, frames);
      if (this.#waiting.size === 0) return;
      flushSync(); // what is shown of it takes most of the time
      if (performance.now() < end) continue;
      this.#schedule();
      return;
    }
  }

  #apply(id: string, frames: Frame[]): void {
    const retold = this.#retold.get(id);
    if (retold) {
      this.#showRetold(applyFrames(retold, frames));
      return;
    }
    const before = this.#views.get(id);
    if (!before) return;
    const after = applyFrames(before, frames);
    this.#views.set(id, after);
    this.#onchange(before, after);
  }

  #showRetold(run: RunView): void {
    if (isOver(run)) {
      this.#retold.delete(run.id);
      this.#views.set(run.id, run);
    } else {
      this.#retold.set(run.id, run);
    }
  }
}
