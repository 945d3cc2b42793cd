import { describe, expect, it } from "vitest";
import { GrowingMarkdown, renderMarkdown } from "./markdown";

const TEXT = `# A title

A paragraph with **bold** text,
on two lines, and [a link][later].

Setext
---

- one
- two

  still two

- three
lazy

1. first
2. second

\`\`\`sh
make   # not a title

more
\`\`\`

> quoted
> more

| a | b |
|---|---|
| 1 | 2 |

    indented

***
Text before a table
| c | d |
|---|---|
| 3 | 4 |

#tag is no title
# Title
The end, with [known] and [later].
`;
const ADDRESSES = "\n[later]: https://example.com/later\n[known]: https://example.com/known\n";

describe("a text that grows", () => {
  it.each([1, 2, 3, 7, 40, 1000])("is in the end as if rendered at once, in steps of %d", (step) => {
    const growing = new GrowingMarkdown();
    for (let length = 0; length < TEXT.length; length += step) growing.show(TEXT.slice(0, length), false);
    growing.show(TEXT, true);
    expect(join(growing)).toBe(renderMarkdown(TEXT));
  });

  it("is at each moment as if rendered at once, and what stands never changes", () => {
    const growing = new GrowingMarkdown();
    let before: readonly string[] = [];
    for (let length = 0; length <= TEXT.length; length++) {
      const text = TEXT.slice(0, length);
      growing.show(text, false);
      expect(join(growing)).toBe(renderMarkdown(text));
      expect(growing.settled.slice(0, before.length)).toEqual(before);
      before = growing.settled;
    }
    expect(before.length).toBeGreaterThan(8);
    expect(growing.open).toBeLessThan(60);
  });

  it("knows addresses that stand before their links at once, and those behind them in the end", () => {
    const growing = new GrowingMarkdown();
    const text = `${TEXT}${ADDRESSES}\nAnd [known] again.\n\nThe end.\n`;
    for (let length = 0; length < text.length; length++) growing.show(text.slice(0, length), false);
    expect(growing.tail).toContain('href="https://example.com/known"');
    growing.show(text, true);
    expect(join(growing)).toBe(renderMarkdown(text));
  });

  it("starts over with another text, and minds no carriage returns", () => {
    const growing = new GrowingMarkdown();
    growing.show("One\n\nTwo\n\nThree", false);
    growing.show("Else\r\n\r\nWhere\r\n", false);
    expect(join(growing)).toBe(renderMarkdown("Else\n\nWhere\n"));
  });
});

function join({ settled, tail }: GrowingMarkdown): string {
  return settled.join("") + tail;
}
