import type { BuildFile } from "../protocol.gen";

export type Mark = "added" | "changed" | "removed" | "same";

/** A path before and after a step: the SHA-256 of its content, null where it is not there. */
export interface Pair {
  path: string;
  before: string | null;
  after: string | null;
  mark: Mark;
}

/** Every path of either tree, by name. */
export function pairTrees(before: BuildFile[], after: BuildFile[]): Pair[] {
  const earlier = new Map(before.map(({ path, sha }) => [path, sha]));
  const later = new Map(after.map(({ path, sha }) => [path, sha]));
  const paths = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  return paths.map((path) => {
    const pair = { path, before: earlier.get(path) ?? null, after: later.get(path) ?? null };
    return { ...pair, mark: markOf(pair.before, pair.after) };
  });
}

function markOf(before: string | null, after: string | null): Mark {
  if (before === after) return "same";
  if (before === null) return "added";
  return after === null ? "removed" : "changed";
}

/** The chosen file, else the first that has changed, the page before others; else the page. */
export function pairToShow(pairs: Pair[], chosen: string | null): Pair | null {
  const changed = pairs.filter(({ mark }) => mark !== "same");
  const isPage = ({ path }: Pair) => path === "index.html";
  return (
    pairs.find(({ path }) => path === chosen) ??
    changed.find(isPage) ??
    changed[0] ??
    pairs.find(isPage) ??
    pairs[0] ??
    null
  );
}
