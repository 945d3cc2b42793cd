import MarkdownIt, { type Env, type Token } from "markdown-it";
import { countLines, offsetOf } from "./lines";

/** Markdown without HTML and without pictures: what a model writes is text, and may reach nobody's server. */
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false }).disable("image");

const openLink = markdown.renderer.rules.link_open;
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet("target", "_blank");
  tokens[index]?.attrSet("rel", "noopener noreferrer nofollow");
  return openLink ? openLink(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
};

export function renderMarkdown(text: string, env: Env = {}): string {
  return markdown.render(text, env);
}

/** A text that grows, as HTML: what stands is rendered once, and only its last block again and again. */
export class GrowingMarkdown {
  /** The HTML of what stands. It never changes, and becomes more. */
  settled: readonly string[] = [];
  /** The HTML of the rest. */
  tail = "";
  #text = "";
  #start = 0;
  #env: Env = {};

  /** How many characters do not stand yet. */
  get open(): number {
    return this.#text.length - this.#start;
  }

  /** `isWhole`: nothing more will come. */
  show(received: string, isWhole: boolean): void {
    const text = received.replaceAll("\r", "");
    if (!text.startsWith(this.#text)) this.#startOver();
    this.#text = text;
    if (!isWhole) this.#settle();
    const env = { references: { ...this.#env.references } };
    this.tail = renderMarkdown(text.slice(this.#start), env);
    if (isWhole && this.#start > 0 && Object.keys(env.references).length > 0) {
      this.#startOver(); // links may stand before the addresses that they name
      this.tail = renderMarkdown(text);
    }
  }

  #startOver(): void {
    this.settled = [];
    this.#start = 0;
    this.#env = {};
  }

  #settle(): void {
    const rest = this.#text.slice(this.#start);
    const end = endOfSettled(rest);
    if (end === 0) return;
    this.settled = [...this.settled, renderMarkdown(rest.slice(0, end), this.#env)];
    this.#start += end;
  }
}

/** Where the last block begins, of those that begin on a line that is whole: no line to come changes the blocks before it. */
function endOfSettled(text: string): number {
  const tokens: Token[] = [];
  markdown.block.parse(text, markdown, {}, tokens);
  const lines = countLines(text);
  const starts = tokens.flatMap(({ level, nesting, map }) =>
    level === 0 && nesting >= 0 && map ? [map[0]] : [],
  );
  const last = starts.findLast((line) => line < lines);
  return last === undefined || last === starts[0] ? 0 : offsetOf(text, last);
}
