import type { VersionPage, VersionSummary } from "../protocol.gen";

/** What is known of an artifact's versions: a stretch without gaps from the newest on, newest first. */
export interface Known {
  versions: VersionSummary[];
  newest: number;
  /** Below this number there are more; null: all are known. */
  before: number | null;
  isMine: boolean;
}

export const NOTHING: Known = { versions: [], newest: 0, before: null, isMine: false };

/** The newest page once more: what it says is right, and the earlier versions stay if there is no gap between. */
export function renew(known: Known, page: VersionPage): Known {
  const last = page.versions.at(-1)?.number ?? 1;
  const earlier = known.versions.filter(({ number }) => number < last);
  const isJoined = earlier.length > 0 && earlier[0]?.number === last - 1;
  return {
    versions: isJoined ? [...page.versions, ...earlier] : page.versions,
    newest: page.newest,
    before: isJoined ? known.before : page.before,
    isMine: page.is_mine,
  };
}

/** A further page, of earlier versions. */
export function extend(known: Known, page: VersionPage): Known {
  const first = known.versions.at(-1)?.number ?? Number.POSITIVE_INFINITY;
  const further = page.versions.filter(({ number }) => number < first);
  return { ...known, versions: [...known.versions, ...further], before: page.before };
}

export function replace(known: Known, version: VersionSummary): Known {
  return {
    ...known,
    versions: known.versions.map((old) => (old.number === version.number ? version : old)),
  };
}

/** What a version is first compared with: what it was made from, else the one before, else the one after. */
export function counterpartOf(version: VersionSummary, newest: number): VersionNumber | null {
  const { artifact, number, parent, source } = version;
  if (parent !== null) return { artifact, number: parent };
  if (source) return { artifact: source.artifact, number: source.number };
  if (number > 1) return { artifact, number: number - 1 };
  return newest > number ? { artifact, number: number + 1 } : null;
}

export interface VersionNumber {
  artifact: string;
  number: number;
}

/** "HTML", "React", "SVG" …: what kind of page it is, by its name. */
export function kindOf(path: string): string {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return KINDS[ending] ?? ending.toUpperCase();
}

const KINDS: Record<string, string> = {
  htm: "HTML",
  jsx: "React",
  tsx: "React",
  vue: "Vue",
  md: "Markdown",
  markdown: "Markdown",
  mmd: "Mermaid",
  mermaid: "Mermaid",
  py: "Python",
  mjs: "JS",
};
