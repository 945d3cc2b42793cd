import { expect, test } from "vitest";
import { latestEdit } from "./edits";

const edit = (number: number, before: number) => ({
  artifact: "a",
  number,
  before,
  url: "",
  frame_url: "",
  title: "",
});

test("edits follow each other", () => {
  const edits = [edit(2, 1), edit(4, 2), edit(6, 5)];
  expect(latestEdit(edits, 1)?.number).toBe(4);
  expect(latestEdit(edits, 3)).toBeNull();
  expect(latestEdit(edits, 5)?.number).toBe(6);
});

test("of two edits of the same version the later one counts", () => {
  expect(latestEdit([edit(2, 1), edit(3, 1)], 1)?.number).toBe(3);
});
