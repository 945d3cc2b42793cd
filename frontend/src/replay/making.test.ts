import { describe, expect, it } from "vitest";
import { chapterOf } from "./fixtures";
import { filesAt, Making } from "./making";

const chapter = chapterOf(1, ["<p>", "one", "</p>"]);

describe("a chapter", () => {
  it("is the same whichever way one comes to a place", () => {
    const forth = new Making(chapter);
    const back = new Making(chapter);
    back.at(6);
    for (const seq of [1, 3, 2, 6, 0, 4]) {
      const expected = new Making(chapter).at(seq);
      expect(forth.at(seq)).toEqual(expected);
      expect(back.at(seq)).toEqual(expected);
    }
  });

  it("has what was written so far, and what was there before", () => {
    const run = new Making(chapter).at(3);
    const style = { path: "style.css", language: "css", text: "p {}", state: "complete" as const };
    const old = { ...style, path: "index.html", text: "old" };
    expect(filesAt(run, [old, style]).map(({ path, text }) => [path, text])).toEqual([
      ["index.html", "<p>one"],
      ["style.css", "p {}"],
    ]);
  });
});
