import { expect, it } from "vitest";
import { GrowingText } from "./growing";

it("keeps the pieces that stand, and is the text again", () => {
  const text = Array.from({ length: 300 }, (_, number) => `${"word ".repeat(number % 40)}\n`).join("");
  const growing = new GrowingText();
  let before: readonly string[] = [];
  for (let length = 0; length <= text.length; length += 37) {
    growing.show(text.slice(0, length));
    expect(growing.pieces.join("\n")).toBe(text.slice(0, length));
    expect(growing.pieces.slice(0, before.length)).toEqual(before);
    before = growing.pieces.slice(0, -1);
  }
  expect(before.length).toBeGreaterThan(5);
});

it("starts over with another text", () => {
  const growing = new GrowingText();
  growing.show(`${"a".repeat(2000)}\n${"b".repeat(2000)}`);
  growing.show("else");
  expect(growing.pieces).toEqual(["else"]);
});
