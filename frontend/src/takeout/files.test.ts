import { expect, test } from "vitest";
import type { FileInfo } from "../protocol.gen";
import { byEntry, readableSize } from "./files";

const file = (path: string, text: string | null = ""): FileInfo => ({
  path,
  mime: "",
  size: 0,
  text,
  base64: null,
});

test("the page comes first, and what is no text is left out", () => {
  const files = [file("a.js"), file("b.png", null), file("about.html"), file("index.html")];
  expect(byEntry(files).map((each) => each.path)).toEqual(["index.html", "a.js", "about.html"]);
  expect(byEntry([file("App.jsx")]).map((each) => each.path)).toEqual(["App.jsx"]);
});

test("sizes are short", () => {
  expect([10, 5000, 3_000_000].map(readableSize)).toEqual(["1 kB", "5 kB", "2.9 MB"]);
});
