import type { FileInfo } from "../protocol.gen";

export type Mark = "added" | "removed" | "changed" | "same";

/** One path in two versions. */
export interface FilePair {
  path: string;
  mark: Mark;
  isBinary: boolean;
  before: FileInfo | null;
  after: FileInfo | null;
}

/** Every path of either version, sorted by name. */
export function pairFiles(before: FileInfo[], after: FileInfo[]): FilePair[] {
  const earlier = new Map(before.map((file) => [file.path, file]));
  const later = new Map(after.map((file) => [file.path, file]));
  const paths = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  return paths.map((path) => pair(path, earlier.get(path) ?? null, later.get(path) ?? null));
}

function pair(path: string, before: FileInfo | null, after: FileInfo | null): FilePair {
  const isBinary = [before, after].some((file) => file !== null && file.text === null);
  return { path, mark: markOf(before, after), isBinary, before, after };
}

function markOf(before: FileInfo | null, after: FileInfo | null): Mark {
  if (!before) return "added";
  if (!after) return "removed";
  return before.text === after.text && before.base64 === after.base64 ? "same" : "changed";
}

/** The file to show: the chosen one, else the first that differs, the page before others. */
export function pairToShow(pairs: FilePair[], chosen: string | null, entry: string): FilePair | null {
  const changed = pairs.filter(({ mark }) => mark !== "same");
  return (
    pairs.find(({ path }) => path === chosen) ??
    changed.find(({ path }) => path === entry) ??
    changed[0] ??
    pairs[0] ??
    null
  );
}
