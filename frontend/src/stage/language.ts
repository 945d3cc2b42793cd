export type Language = "html" | "css" | "javascript" | "typescript" | "markdown" | "plain";

const LANGUAGES: Record<string, Language> = {
  html: "html",
  htm: "html",
  svg: "html",
  xml: "html",
  css: "css",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  json: "javascript",
  ts: "typescript",
  mts: "typescript",
  tsx: "typescript",
  md: "markdown",
  markdown: "markdown",
};

/** The language whose colours fit the file, by the ending of its name. */
export function languageOf(path: string): Language {
  const ending = /\.([^./]+)$/.exec(path)?.[1] ?? "";
  return LANGUAGES[ending.toLowerCase()] ?? "plain";
}
