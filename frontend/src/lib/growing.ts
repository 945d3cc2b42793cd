const LEAST = 1000; // characters of a piece

/** Text that grows, in pieces of whole lines: a piece that stands never changes. Between two of them is the end of a line. */
export class GrowingText {
  /** The last one grows. */
  pieces: readonly string[] = [];
  #text = "";
  #start = 0;

  show(text: string): void {
    const standing = text.startsWith(this.#text) ? this.pieces.slice(0, -1) : [];
    if (standing.length === 0) this.#start = 0;
    this.#text = text;
    const rest = text.slice(this.#start);
    const end = rest.lastIndexOf("\n");
    if (end < LEAST) {
      this.pieces = [...standing, rest];
    } else {
      this.pieces = [...standing, rest.slice(0, end), rest.slice(end + 1)];
      this.#start += end + 1;
    }
  }
}
