import type { RunInfo } from "../protocol.gen";
import { estimateTokens } from "./format";
import { isOver, type RunView } from "./run";

export interface Progress {
  /** Milliseconds since the wish, until the end or now. */
  age: number;
  /** Seconds since the first word. */
  writing: number;
  tokens: number;
  /** No usage was told: `tokens` is guessed from the length. */
  isEstimate: boolean;
}

/** How far an answer is. `now`: milliseconds, as of `Date.now()`. */
export function progressOf(run: RunInfo, view: RunView, now: number): Progress {
  const age = isOver(view) ? view.lastAt : Math.max(view.lastAt, now - Date.parse(run.created_at));
  return {
    age,
    writing: view.answeredAt === null ? 0 : (age - view.answeredAt) / 1000,
    tokens: view.usage?.output_tokens ?? estimateTokens(view.length),
    isEstimate: view.usage?.estimated ?? true,
  };
}
