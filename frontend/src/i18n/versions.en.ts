import type { VersionSummary } from "../protocol.gen";

type Changes = NonNullable<VersionSummary["changes"]>;

function files(count: number, what: string): string {
  if (count === 0) return "";
  return `${count} ${count === 1 ? "file" : "files"} ${what}`;
}

/** The versions of an artifact: their list, and how two of them differ. */
export const versions = {
  title: "Versions",
  empty: "Each version of the page will be listed here.",
  loading: "Asking for the versions …",
  failed: "The versions could not be read.",
  again: "Try again",
  more: "Earlier versions",
  name: (number: number) => `Version ${number}`,
  short: (number: number) => `v${number}`,
  newest: "newest",
  shown: "on the stage",
  open: (number: number) => `Look at version ${number}`,
  /** How it came about. */
  hand: "Edited by hand",
  published: "Published",
  restored: (number: number | null) => (number === null ? "Restored" : `Restored from version ${number}`),
  remix: "Remix",
  remixOf: "Remix of",
  nowhere: "Made by a model",
  demo: "Demo reel, no model",
  changes: ({ added, changed, removed }: Changes) =>
    [files(changed, "changed"), files(added, "added"), files(removed, "removed")]
      .filter(Boolean)
      .join(", ") || "same files",
  changesTitle: "Files, against the version that it was made from",
  compare: "Compare",
  compareWith: (number: number) => `Compare version ${number}`,
  actions: (number: number) => `More for version ${number}`,
  restore: "Restore as a new version",
  goOn: "Go on from here",
  goOnHint: "A new conversation; this one stays as it is.",
  rename: "Name this version",
  renameLabel: (number: number) => `Name of version ${number}`,
  save: "Save",
  cancel: "Cancel",
  copyLink: "Copy link",
  wasRestored: (from: number, number: number) => `Version ${from} is back, as version ${number}.`,
  notDone: "This did not work. Nothing has changed; try again.",
  /** The bar over an earlier version. */
  looking: (number: number, newest: number) => `You are looking at version ${number} of ${newest}`,
  back: "Back to the newest",
  restoreShort: "Restore",
  /** How two versions differ. */
  comparing: "Two versions side by side",
  toList: "All versions",
  before: "Before",
  after: "After",
  source: (title: string, number: number) => `${title}, v${number}`,
  text: "Code",
  picture: "Pages",
  how: "What is compared",
  layout: "Layout",
  unified: "One column",
  split: "Two columns",
  whole: "Whole files",
  unchangedToo: "Unchanged files, too",
  files: "Files",
  marks: { added: "added", removed: "removed", changed: "changed", same: "unchanged" },
  binary: "binary",
  binaryHint: "This file is no text, so its lines cannot be compared.",
  bytes: (size: string) => `${size} bytes`,
  absent: "not there",
  same: "Both versions hold the same files.",
  sameFile: "This file is the same in both.",
  slider: "Divider between the two pages",
  share: (before: string, after: string, percent: number) =>
    `${before} ${percent} %, ${after} ${100 - percent} %`,
  live: "Both pages are running. What they store here is not kept.",
  /** The comparison's own phrases, by what they are called there. */
  phrases: { "$ unchanged lines": "$ unchanged lines" } as Record<string, string>,
};
