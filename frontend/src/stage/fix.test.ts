import { expect, test } from "vitest";
import type { Report } from "../bridge/bridge";
import type { FileView } from "../lib/run";
import { composeFix } from "./fix";

const file = (path: string, text: string): FileView => ({ path, language: "", text, state: "complete" });
const error = (text: string, line: number, path = "index.html", stack = ""): Report => ({
  type: "error",
  kind: "uncaught",
  text,
  stack,
  source: { path, line, column: 3 },
});
const page = file("index.html", ["one", "two", "three", "four", "five", "six"].join("\n"));

test("names the error, its place and the lines around it", () => {
  expect(composeFix([error("TypeError: x is undefined", 4)], [page])).toBe(
    `The page reports an error when it runs. Please fix it:

1. TypeError: x is undefined (index.html:4:3)

\`\`\`
  2 | two
  3 | three
> 4 | four
  5 | five
  6 | six
\`\`\``,
  );
});

test("stays inside the file, and shows no code of a file that is not there", () => {
  const wish = composeFix([error("a", 1), error("b", 99), error("c", 1, "gone.js")], [page]);
  expect(wish.match(/```/g)).toHaveLength(2);
  expect(wish).toContain("> 1 | one");
  expect(wish).toContain("3. c (gone.js:1:3)");
});

test("the worst come first, at most eight, each once", () => {
  const logged: Report = { type: "console", level: "error", text: "logged", source: null };
  const failed: Report = {
    type: "failed",
    url: "/x.js",
    status: 404,
    what: "script",
    note: "Not on the shelf.",
  };
  const errors = Array.from({ length: 12 }, (_, index) => error(`E${index}`, 1));
  const wish = composeFix(
    [logged, failed, error("same", 1, "a.js", "s1"), error("same", 1, "a.js", "s2")],
    [],
  );
  expect(wish.indexOf("same")).toBeLessThan(wish.indexOf("/x.js"));
  expect(wish.indexOf("/x.js")).toBeLessThan(wish.indexOf("logged"));
  expect(wish.match(/same/g)).toHaveLength(1);
  expect(wish).toContain("Not on the shelf.");
  expect(composeFix(errors, [])).not.toContain("9. ");
});

test("minified lines and long messages are cut, fences cannot be broken out of", () => {
  const long = file("a.js", `${"x".repeat(5000)}\`\`\`\` let`);
  const source = { path: "a.js", line: 1, column: 5002 };
  const wish = composeFix(
    [{ type: "error", kind: "rejection", text: "y".repeat(5000), stack: "", source }],
    [long],
  );
  expect(wish.length).toBeLessThan(1000);
  expect(wish).toContain("`````");
});
