import { describe, expect, test } from "vitest";
import { keepLineEnds, normaliseLines, tailOf } from "./tail";

describe("tailOf", () => {
  test("is what was written since", () => expect(tailOf("<h1>", "<h1>Hi")).toBe("Hi"));
  test("is empty when nothing was", () => expect(tailOf("abc", "abc")).toBe(""));
  test("is everything at the start", () => expect(tailOf("", "abc")).toBe("abc"));
  test("does not exist for a file that started over", () => expect(tailOf("abc", "ab")).toBeNull());
  test("does not exist for another text", () => expect(tailOf("abc", "xbcd")).toBeNull());
});

test("a text that grows by any cut of its line ends grows by tails", () => {
  const text = "a\r\nb\rc\nd\r\n";
  let before = "";
  for (let length = 0; length <= text.length; length++) {
    const after = normaliseLines(text.slice(0, length));
    expect(tailOf(before, after)).not.toBeNull();
    before = after;
  }
  expect(before).toBe("a\nb\nc\nd\n");
});

test("line ends stay as they were", () => {
  expect(keepLineEnds("a\nb\n", "x\r\ny\r\n")).toBe("a\r\nb\r\n");
  expect(keepLineEnds("a\nb\n", "x\n")).toBe("a\nb\n");
});
