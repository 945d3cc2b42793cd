export type Language = "html" | "css" | "javascript" | "markdown" | "plain";

const BY_EXTENSION: Record<string, Language> = {
  html: "html",
  htm: "html",
  svg: "html",
  vue: "html",
  css: "css",
  js: "javascript",
  mjs: "javascript",
  jsx: "javascript",
  ts: "javascript",
  tsx: "javascript",
  json: "javascript",
  md: "markdown",
};

/** How a file is coloured, by its name. */
export function languageOf(path: string): Language {
  return BY_EXTENSION[path.split(".").at(-1)?.toLowerCase() ?? ""] ?? "plain";
}
