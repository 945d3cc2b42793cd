import { describe, expect, test } from "vitest";
import type { FileView } from "../lib/run";
import { emptyRun } from "../lib/run";
import type { RunInfo } from "../protocol.gen";
import { fileToShow, hasBegun, isPage, lengthOfPage, mergeFiles } from "./files";

function file(path: string, state: FileView["state"] = "complete", text = ""): FileView {
  return { path, language: "", text, state };
}

describe("fileToShow", () => {
  const files = [file("a.css"), file("index.html"), file("b.js")];

  test("is the chosen one", () => expect(fileToShow(files, "b.js")?.path).toBe("b.js"));
  test("is the one being written", () =>
    expect(fileToShow([...files, file("c.js", "writing")], null)?.path).toBe("c.js"));
  test("is the page when all are written", () => expect(fileToShow(files, null)?.path).toBe("index.html"));
  test("is the page when the chosen one is gone", () =>
    expect(fileToShow(files, "gone.js")?.path).toBe("index.html"));
  test("is any page", () => expect(fileToShow([file("a.css"), file("b.svg")], null)?.path).toBe("b.svg"));
  test("is the first without a page", () =>
    expect(fileToShow([file("a.py"), file("b.py")], null)?.path).toBe("a.py"));
  test("is none without files", () => expect(fileToShow([], null)).toBeNull());
});

test("what the run wrote stands before and instead of what was saved", () => {
  const run = {
    ...emptyRun({ id: "r", model: "m" } as RunInfo),
    files: { "a.css": file("a.css", "complete", "new") },
  };
  const merged = mergeFiles(run, [file("index.html"), file("a.css", "complete", "old")]);
  expect(merged.map(({ path, text }) => [path, text])).toEqual([
    ["a.css", "new"],
    ["index.html", ""],
  ]);
});

test("a version that is more than what was written stands alone", () => {
  const run = {
    ...emptyRun({ id: "r", model: "m" } as RunInfo),
    files: { "a.css": file("a.css", "complete", "new") },
    differs: true,
  };
  expect(mergeFiles(run, [file("index.html")]).map(({ path }) => path)).toEqual(["index.html"]);
  expect(mergeFiles(run, []).map(({ path }) => path)).toEqual(["a.css"]);
});

test.each([
  ["index.html", true],
  ["a/b.HTM", true],
  ["logo.svg", true],
  ["html.js", false],
])("%s is a page: %s", (path, is) => expect(isPage(path)).toBe(is));

test.each([
  ["<!doctype html><html><head><title>A</title><style>p>a{}", false],
  ["<!doctype html><title>A</title><script>let a = 1;", false],
  ["<!doctype html><title>A</title><canvas>", true],
  ["<html><head></head><body", true],
])("%s has begun: %s", (text, has) => {
  expect(hasBegun({ "index.html": file("index.html", "writing", text) })).toBe(has);
});

test("a page has begun when it is complete, and a style sheet is no page", () => {
  expect(hasBegun({ "index.html": file("index.html", "complete", "plain words") })).toBe(true);
  expect(hasBegun({ "style.css": file("style.css", "complete", "a<b {}") })).toBe(false);
});

test("the length of a page that is written, until it is whole", () => {
  const css = file("a.css", "complete", "a {}");
  expect(lengthOfPage({ css })).toBe(0);
  expect(lengthOfPage({ css, page: file("index.html", "writing", "<p>") })).toBe(3);
  expect(lengthOfPage({ css, page: file("index.html", "complete", "<p>") })).toBe(Infinity);
  expect(lengthOfPage({ css, page: file("index.html", "cut", "<p>") })).toBe(Infinity);
});
