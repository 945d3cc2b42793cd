import type { RunInfo } from "../protocol.gen";

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
export function newestLeaf(runs: RunInfo[], run: RunInfo): RunInfo {
  const children = runs.filter((other) => other.parent === run.id);
  const newest = children.at(-1);
  return newest ? newestLeaf(runs, newest) : run;
}
