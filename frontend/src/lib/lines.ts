/** How many ends of lines the text has. */
export function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

/** Where line `line` (from 0) begins; the text's end where it has fewer. */
export function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let passed = 0; passed < line; passed++) {
    const end = text.indexOf("\n", offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  return offset;
}
