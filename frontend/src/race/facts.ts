import { t } from "../i18n";
import { count, elapsed } from "../lib/format";
import { progressOf } from "../lib/progress";
import { isOver, type Phase, type RunView } from "../lib/run";
import type { RunInfo } from "../protocol.gen";

const amount = (cost: number) => Number(cost.toPrecision(3)).toString();

/** How a lane stands. Behind the veil, only how much it has written. */
export function factsOf(run: RunInfo, view: RunView, isVeiled: boolean, now: number): string {
  const state = stateOf(view.phase);
  if (isVeiled) return join(state, view.length > 0 ? t.race.characters(count(view.length)) : null);
  const over = isOver(view);
  const { age, writing, tokens, isEstimate } = progressOf(run, view, now);
  return join(
    over && view.phase === "finished" ? null : state,
    elapsed(age),
    tokens > 0 ? `${isEstimate ? "~" : ""}${t.run.tokens(count(tokens))}` : null,
    writing > 1 && tokens > 0 ? t.run.speed(count(Math.round(tokens / writing))) : null,
    run.cost !== null && tokens > 0 ? t.race.cost(amount(run.cost)) : null,
  );
}

function stateOf(phase: Phase): string {
  switch (phase) {
    case "queued":
    case "waiting":
      return t.race.waiting;
    case "writing":
      return t.race.writing;
    case "finished":
      return t.race.answered;
    case "cancelled":
      return t.race.stopped;
    case "failed":
      return t.race.failed;
  }
}

function join(...parts: (string | null)[]): string {
  return parts.filter(Boolean).join(" · ");
}
