/** What an address means to a page. */

import type { Place } from "./sources";

export type Target = "here" | "page" | "out" | "file" | "script" | "nowhere";

/** What following `url` from `page` means. */
export function classify(
  url: string,
  hasDownload: boolean,
  { page, base }: Pick<Place, "page" | "base">,
): Target {
  const scheme = /^[a-z+.-]+:/i.exec(url)?.[0].toLowerCase() ?? "";
  if (scheme === "javascript:") return "script";
  if (scheme === "blob:" || scheme === "data:") return "file";
  const isOwn = url.startsWith(base);
  if (hasDownload && isOwn) return "file";
  if (url.includes("#") && url.split("#")[0] === page.split("#")[0]) return "here";
  if (isOwn) return "page";
  return ["http:", "https:", "mailto:", "tel:"].includes(scheme) ? "out" : "nowhere";
}

const EXTENSIONS: Record<string, string> = {
  "application/json": "json",
  "application/pdf": "pdf",
  "image/jpeg": "jpg",
  "image/svg+xml": "svg",
  "text/javascript": "js",
  "text/plain": "txt",
};

export function nameFor(url: string, mime: string): string {
  const last = /^https?:/.test(url) ? new URL(url).pathname.split("/").pop() : "";
  if (last) return decodeURIComponent(last);
  const type = (mime.split(";")[0] ?? "").trim();
  const extension = EXTENSIONS[type] ?? /^[a-z]+\/([a-z0-9]+)$/.exec(type)?.[1];
  return extension ? `download.${extension}` : "download";
}
