import { expect, it } from "vitest";
import { pairToShow, pairTrees } from "./trees";

const file = (path: string, sha: string) => ({ path, sha, size: 1 });
const PAIRS = pairTrees(
  [file("index.html", "a"), file("old.js", "b"), file("same.css", "c")],
  [file("index.html", "x"), file("new.js", "y"), file("same.css", "c")],
);

it("marks what a step has made of each file", () => {
  expect(PAIRS.map(({ path, mark }) => [path, mark])).toEqual([
    ["index.html", "changed"],
    ["new.js", "added"],
    ["old.js", "removed"],
    ["same.css", "same"],
  ]);
});

it("shows the chosen file, else what has changed", () => {
  expect(pairToShow(PAIRS, "same.css")?.path).toBe("same.css");
  expect(pairToShow(PAIRS, "gone.js")?.path).toBe("index.html");
  expect(pairToShow(PAIRS.slice(1), null)?.path).toBe("new.js");
  expect(pairToShow([], null)).toBeNull();
});
