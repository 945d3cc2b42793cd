import { expect, it } from "vitest";
import type { FileInfo } from "../protocol.gen";
import { pairFiles, pairToShow } from "./differences";

const text = (path: string, text: string): FileInfo => ({
  path,
  mime: "text/plain",
  size: text.length,
  text,
  base64: null,
});
const binary = (path: string, base64: string): FileInfo => ({
  path,
  mime: "image/png",
  size: 4,
  text: null,
  base64,
});

const PAIRS = pairFiles(
  [text("a.css", "1"), text("gone.js", "x"), text("index.html", "old"), binary("p.png", "AAAA")],
  [text("index.html", "new"), text("a.css", "1"), binary("p.png", "BBBB"), text("b.css", "")],
);

it("each path of either version has a mark", () => {
  expect(PAIRS.map(({ path, mark, isBinary }) => [path, mark, isBinary])).toEqual([
    ["a.css", "same", false],
    ["b.css", "added", false],
    ["gone.js", "removed", false],
    ["index.html", "changed", false],
    ["p.png", "changed", true],
  ]);
});

it("a text that became binary is binary", () => {
  expect(pairFiles([text("a", "1")], [binary("a", "AAAA")])[0]).toMatchObject({
    mark: "changed",
    isBinary: true,
  });
});

it("the chosen file is shown, else the page, else what differs", () => {
  expect(pairToShow(PAIRS, "a.css", "index.html")?.path).toBe("a.css");
  expect(pairToShow(PAIRS, "not there", "index.html")?.path).toBe("index.html");
  expect(pairToShow(PAIRS, null, "a.css")?.path).toBe("b.css");
  expect(pairToShow(PAIRS.slice(0, 1), null, "index.html")?.path).toBe("a.css");
  expect(pairToShow([], null, "index.html")).toBeNull();
});
