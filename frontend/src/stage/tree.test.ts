import { expect, test } from "vitest";
import { treeOf } from "./tree";

test("files are in their folders, by name", () => {
  const files = ["src/b.js", "index.html", "src/lib/x.js", "src/a.js", "a.css"].map((path) => ({ path }));
  const root = treeOf(files);
  expect(root.files.map(({ path }) => path)).toEqual(["a.css", "index.html"]);
  expect(root.folders.map(({ path }) => path)).toEqual(["src/"]);
  const [src] = root.folders;
  expect(src?.files.map(({ path }) => path)).toEqual(["src/a.js", "src/b.js"]);
  expect(src?.folders[0]).toMatchObject({ path: "src/lib/", name: "lib" });
});
