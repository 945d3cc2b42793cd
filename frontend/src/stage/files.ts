import { api } from "../lib/api";
import type { FileView, RunView } from "../lib/run";
import type { FileInfo, VersionRef } from "../protocol.gen";

/** The files of a saved version. Throws where the server does not give them. */
export async function loadFiles(version: VersionRef): Promise<FileView[]> {
  const { files } = await api.getVersion(version.artifact, version.number);
  return files.map(viewOf);
}

export function viewOf({ path, mime, size, text, base64 }: FileInfo): FileView {
  const view = { path, language: "", text: text ?? "", state: "complete" as const };
  return base64 === null ? view : { ...view, asset: { mime, size, base64 } };
}

/** Where the version's page is now: the address of a private one is signed, and changes. */
export async function loadFrameUrl(version: VersionRef): Promise<string> {
  const { versions } = await api.getArtifact(version.artifact);
  return versions.find(({ number }) => number === version.number)?.frame_url ?? version.frame_url;
}

/** What the run wrote, then what its version holds besides; the version alone where more was saved than written. */
export function mergeFiles(run: RunView | null, saved: FileView[]): FileView[] {
  const written = run && !(run.differs && saved.length > 0) ? run.files : {};
  return [...Object.values(written), ...saved.filter(({ path }) => !(path in written))];
}

/** The file to show: the chosen one, else the one being written, else the page, else the first. */
export function fileToShow(files: FileView[], chosen: string | null): FileView | null {
  return (
    files.find(({ path }) => path === chosen) ??
    files.findLast(({ state }) => state === "writing") ??
    files.find(({ path }) => path === "index.html") ??
    files.find(({ path }) => isPage(path)) ??
    files[0] ??
    null
  );
}

/** Whether a frame can show the file as a page, before the others are known; the server decides by the same rule. */
export function isPage(path: string): boolean {
  return isMarkup(path) || (/\.(jsx|tsx|vue|mmd|mermaid|svg|md|markdown)$/i.test(path) && !isReadme(path));
}

function isMarkup(path: string): boolean {
  return /\.html?$/i.test(path);
}

function isReadme(path: string): boolean {
  return /(^|\/)readme\.[^/]*$/i.test(path);
}

/** How much of the pages among the files is written; infinite where one of them is whole. */
export function lengthOfPage(files: Record<string, FileView>): number {
  const pages = Object.values(files).filter(({ path }) => isPage(path));
  if (pages.some(({ state }) => state !== "writing")) return Infinity;
  return pages.reduce((sum, { text }) => sum + text.length, 0);
}

const BODY = /<(?!(?:html|head|meta|title|link|style|script|base|noscript)\b)[a-z]/i;

/** Whether a page among the files has come so far that there is something to see: a tag that stands in the body. */
export function hasBegun(files: Record<string, FileView>): boolean {
  return Object.values(files).some(
    ({ path, text, state }) => isPage(path) && (state !== "writing" || !isMarkup(path) || BODY.test(text)),
  );
}
