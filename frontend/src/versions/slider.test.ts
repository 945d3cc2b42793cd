import { expect, it } from "vitest";
import { percentAt, slide } from "./slider";

it("keys move the slider within its ends", () => {
  expect(slide("ArrowRight", 50)).toBe(52);
  expect(slide("ArrowLeft", 1)).toBe(0);
  expect(slide("PageUp", 95)).toBe(100);
  expect(slide("PageDown", 50)).toBe(40);
  expect(slide("Home", 50)).toBe(0);
  expect(slide("End", 50)).toBe(100);
  expect(slide("Tab", 50)).toBeNull();
});

it("a place is a percentage of the width", () => {
  expect(percentAt(150, 100, 200)).toBe(25);
  expect(percentAt(0, 100, 200)).toBe(0);
  expect(percentAt(900, 100, 200)).toBe(100);
  expect(percentAt(100, 100, 0)).toBe(0);
});
