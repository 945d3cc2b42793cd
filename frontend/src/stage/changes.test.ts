import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { changeBetween, changedLines, markChanged } from "./changes";

describe("changeBetween", () => {
  it.each([
    ["one two three", "one 2 three"],
    ["aaa", "aaaa"],
    ["aaaa", "aa"],
    ["", "new"],
    ["old", ""],
    ["same", "same"],
    ["abcabc", "abcXabc"],
  ])("turns %j into %j", (before, after) => {
    const { from, to, insert } = changeBetween(before, after);
    expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
    expect(from).toBeLessThanOrEqual(to);
  });

  it("takes lines whole that came in", () => {
    expect(changeBetween("  a();\n  b();\n", "  a();\n  a2();\n  b();\n")).toEqual({
      from: 7,
      to: 7,
      insert: "  a2();\n",
    });
  });

  it("touches no more than it has to", () => {
    expect(changeBetween("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" });
  });
});

describe("changedLines", () => {
  it("marks each line once, and keeps the mark where the line goes", () => {
    let state = EditorState.create({ doc: "a\nb\nc\n", extensions: changedLines });
    state = state.update({ effects: markChanged.of({ from: 2, to: 4 }) }).state;
    state = state.update({ effects: markChanged.of({ from: 2, to: 3 }) }).state;
    state = state.update({ changes: { from: 0, insert: "new\n" } }).state;
    const marked: number[] = [];
    state.field(changedLines).between(0, state.doc.length, (from) => {
      marked.push(state.doc.lineAt(from).number);
    });
    expect(marked).toEqual([3]);
  });
});
