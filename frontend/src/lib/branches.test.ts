import { expect, it } from "vitest";
import type { RunInfo } from "../protocol.gen";
import { newestLeaf, pathTo, siblingsOf } from "./branches";

/** a ─┬─ b ─── c
 *     └─ d        and, beside a, e */
const RUNS = [
  ["a", null],
  ["b", "a"],
  ["c", "b"],
  ["d", "a"],
  ["e", null],
].map(([id, parent]) => ({ id, parent })) as RunInfo[];
const run = (id: string) => RUNS.find((other) => other.id === id) as RunInfo;
const ids = (runs: RunInfo[]) => runs.map(({ id }) => id).join("");

it("finds the way from the first wish to a leaf", () => {
  expect(ids(pathTo(RUNS, "c"))).toBe("abc");
  expect(ids(pathTo(RUNS, "e"))).toBe("e");
  expect(pathTo(RUNS, null)).toEqual([]);
});

it("names the branches at one place", () => {
  expect(ids(siblingsOf(RUNS, run("b")))).toBe("bd");
  expect(ids(siblingsOf(RUNS, run("a")))).toBe("ae");
});

it("shows a branch at its newest leaf", () => {
  expect(newestLeaf(RUNS, run("b")).id).toBe("c");
  expect(newestLeaf(RUNS, run("a")).id).toBe("d");
});
