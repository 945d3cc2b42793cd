/** The end of line as the editor counts it, so that a `\r\n` cut in two between deltas stays one line break. */
export function normaliseLines(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** The text with the line ends of the one before it. */
export function keepLineEnds(text: string, before: string): string {
  return before.includes("\r\n") ? normaliseLines(text).replace(/\n/g, "\r\n") : text;
}

/** What has to be appended to `before` to make it `after`; null where `after` is another text. */
export function tailOf(before: string, after: string): string | null {
  return after.startsWith(before) ? after.slice(before.length) : null;
}
