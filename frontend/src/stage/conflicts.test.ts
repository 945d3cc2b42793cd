import { expect, test } from "vitest";
import type { ConflictInfo } from "../protocol.gen";
import { decisionOf, isDecided, placesOf, resolve } from "./conflicts";

const place = { base: "b\n", mine: "m\n", theirs: "t\n" };
const conflict: ConflictInfo = {
  path: "index.html",
  pieces: ["start\n", place, "middle\n", place],
  mine: true,
  theirs: true,
};

test("a text is put together from what was chosen", () => {
  expect(placesOf(conflict)).toHaveLength(2);
  expect(isDecided(conflict, { 0: { take: "mine" } })).toBe(false);
  const choices = { 0: { take: "mine" }, 1: { take: "both" } } as const;
  expect(isDecided(conflict, choices)).toBe(true);
  expect(decisionOf(conflict, choices)).toEqual({ side: null, text: "start\nm\nmiddle\nm\nt\n" });
});

test("an own text ends as the place does", () => {
  expect(resolve(place, { take: "edit", text: "x" })).toBe("x\n");
  expect(resolve(place, { take: "edit", text: "" })).toBe("");
  expect(resolve({ ...place, mine: "m" }, { take: "both" })).toBe("m\nt\n");
});

test("of a file as a whole one side is taken", () => {
  const whole = { ...conflict, pieces: [], mine: false };
  expect(isDecided(whole, {})).toBe(false);
  expect(decisionOf(whole, { 0: { take: "mine" } })).toEqual({ side: "mine", text: null });
});
