import { expect, it } from "vitest";
import { countLines, offsetOf } from "./lines";

it("counts ends of lines, and finds where a line begins", () => {
  expect([countLines(""), countLines("a"), countLines("a\n\nb\n")]).toEqual([0, 0, 3]);
  expect([0, 1, 2, 3, 9].map((line) => offsetOf("a\nbc\nd", line))).toEqual([0, 2, 5, 6, 6]);
});
