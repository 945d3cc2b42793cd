import { expect, test } from "vitest";
import { baseOf, readableStack, relative, sourceAt, sourceOf } from "./sources";

const BASE = "http://abc.localhost:8000/v/3/";
const PLACE = { base: BASE, page: BASE, injected: 1000 };

test.each([
  ["http://abc.localhost:8000/v/3/", "http://abc.localhost:8000/v/3/"],
  ["http://abc.localhost:8000/v/3/sub/a.html?x#y", "http://abc.localhost:8000/v/3/"],
  ["http://abc.localhost:8000/s/to:ken:x/sub/", "http://abc.localhost:8000/s/to:ken:x/"],
  ["https://spare.example/abc/v/12/a/v/1/", "https://spare.example/abc/v/12/"],
  ["http://else.example/a/b.html?c", "http://else.example/a/"],
])("the files of %s are below %s", (page, base) => {
  expect(baseOf(page)).toBe(base);
});

test.each([
  [`${BASE}lib/a.js?v=1`, "lib/a.js"],
  [BASE, "index.html"],
  [`${BASE}#x`, "index.html"],
  ["http://shelf.localhost:8000/npm/d3@7.0.0/d3.js", "http://shelf.localhost:8000/npm/d3@7.0.0/d3.js"],
])("%s is %s", (url, path) => {
  expect(relative(url, PLACE)).toBe(path);
});

test.each([
  [`Error: x\n    at say (playground-prelude:1:99)\n    at draw (${BASE}app.js:10:5)`, ["app.js", 10, 5]],
  [`Error: x\n    at ${BASE}:7:1`, ["index.html", 7, 1]],
  [`draw@${BASE}app.js:10:5\nsay@playground-prelude:1:99`, ["app.js", 10, 5]],
  [`Error\n    at eval (eval at go (${BASE}app.js:3:4), <anonymous>:1:1)`, ["app.js", 3, 4]],
  [`Error\n    at ${BASE}#/route:2:1012`, ["index.html", 2, 12]],
])("the place in a stack", (stack, [path, line, column]) => {
  expect(sourceOf(stack, PLACE)).toEqual({ path, line, column });
});

test("no place", () => {
  expect(sourceOf("Error\n    at <anonymous>", PLACE)).toBeNull();
  expect(sourceAt("", 1, 1, PLACE)).toBeNull();
  expect(sourceAt("playground-prelude", 1, 1, PLACE)).toBeNull();
});

test("a stack is read without the prelude and in the artifact's own paths", () => {
  const stack = `Error: x\n    at say (playground-prelude:1:99)\n    at draw (${BASE}app.js:10:5)`;
  expect(readableStack(stack, PLACE)).toBe("Error: x\n    at draw (app.js:10:5)");
});
