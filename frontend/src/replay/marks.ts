import type { Step } from "../build/fold";
import { deedsOf, rowsOf } from "../build/timeline";
import { t as build } from "../i18n/build";
import type { Making } from "./making";
import type { Span } from "./timeline";

/** Where a step of a build begins, in milliseconds of the film: a chapter within its version's. */
export interface Mark {
  /** The version's place in the film. */
  index: number;
  step: number;
  at: number;
  name: string;
}

/** Of each build its steps; those that only read are passed over. */
export function marksOf(spans: readonly Span[], makings: readonly Making[]): Mark[] {
  return spans.flatMap(({ chapter, begins }, index) => {
    const whole = chapter.kind === "build" ? makings[index]?.at(chapter.frames.length).build : null;
    const steps = whole ? rowsOf(whole).filter((row) => row.kind === "step") : [];
    return steps.map((step) => ({ index, step: step.step, at: begins + step.at, name: nameOf(step) }));
  });
}

/** What was done in a step. */
export function nameOf(step: Step): string {
  const deeds = deedsOf(step).map(({ what, names }) => build.deeds[what](names));
  return deeds.join(" · ") || (step.isAnswered ? build.said : build.asking);
}
