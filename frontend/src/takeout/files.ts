import type { FileInfo } from "../protocol.gen";

/** The files that hold text; the one that is the page first. */
export function byEntry(files: FileInfo[]): FileInfo[] {
  const texts = files.filter((file) => file.text !== null);
  const entry =
    texts.find((file) => file.path === "index.html") ?? texts.find((file) => file.path.endsWith(".html"));
  return entry ? [entry, ...texts.filter((file) => file !== entry)] : texts;
}

export function readableSize(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024
    ? `${Math.max(1, Math.round(kilobytes))} kB`
    : `${(kilobytes / 1024).toFixed(1)} MB`;
}
