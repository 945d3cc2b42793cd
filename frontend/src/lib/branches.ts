import type { RaceInfo, RunInfo } from "../protocol.gen";

/** The runs that share a parent, oldest first: the branches at one place. */
export function siblingsOf(runs: RunInfo[], run: RunInfo): RunInfo[] {
  return runs.filter((other) => other.parent === run.parent);
}

/** The run and its ancestors, oldest first. */
export function pathTo(runs: RunInfo[], leaf: string | null): RunInfo[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const path: RunInfo[] = [];
  for (
    let run = leaf ? byId.get(leaf) : undefined;
    run;
    run = run.parent ? byId.get(run.parent) : undefined
  ) {
    path.unshift(run);
  }
  return path;
}

/** The newest run below `run`, or itself: where a branch is shown when it is chosen. */
export function newestLeaf(runs: RunInfo[], run: RunInfo, races: RaceInfo[] = []): RunInfo {
  const newest = runs.findLast((other) => other.parent === run.id);
  const chosen = newest && runs.find((other) => other.id === standIn(newest, races));
  return chosen ? newestLeaf(runs, chosen, races) : run;
}

/** A lane that has not been made a version: nothing can go on from it. */
export function isUnkept(run: RunInfo): boolean {
  return run.race !== null && run.version === null;
}

/** The run that stands for `run` where nobody has chosen one: of a race, the lane that was kept, or the first. */
export function standIn(run: RunInfo, races: RaceInfo[]): string {
  const race = races.find(({ id }) => id === run.race);
  return race?.kept ?? race?.lanes[0] ?? run.id;
}
