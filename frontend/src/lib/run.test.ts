import { describe, expect, it } from "vitest";
import type { Event, Frame, RunInfo } from "../protocol.gen";
import { applyFrames, emptyRun, isOver } from "./run";

const INFO = { id: "r", model: "m" } as RunInfo;

const EVENTS: Event[] = [
  { type: "run.started", model: "m" },
  { type: "model.answered", model: "m-7b" },
  { type: "reasoning.delta", text: "hm" },
  { type: "text.delta", text: "Here " },
  { type: "text.delta", text: "it is." },
  { type: "file.opened", path: "index.html", language: "html", is_edit: false },
  { type: "file.delta", path: "index.html", text: "<p>" },
  { type: "file.delta", path: "index.html", text: "Hi" },
  { type: "file.closed", path: "index.html", complete: true },
  { type: "text.delta", text: "Done." },
  { type: "usage", input_tokens: 1, output_tokens: 2, estimated: false },
  { type: "run.finished", reason: "length" },
];
const FRAMES: Frame[] = EVENTS.map((event, index) => ({ run: "r", seq: index + 1, at: index * 10, event }));

describe("applyFrames", () => {
  it("folds a log into what the page shows", () => {
    const run = applyFrames(emptyRun(INFO), FRAMES);
    expect(run.blocks).toEqual([
      { kind: "reasoning", text: "hm" },
      { kind: "prose", text: "Here it is." },
      { kind: "file", path: "index.html" },
      { kind: "prose", text: "Done." },
    ]);
    expect(run.files["index.html"]).toMatchObject({ text: "<p>Hi", state: "complete" });
    expect(run).toMatchObject({
      phase: "finished",
      truncated: true,
      answeredBy: "m-7b",
      answeredAt: 10,
      length: 23,
    });
  });

  it("gives the same whichever way the log is cut, and ignores what it has seen", () => {
    const whole = applyFrames(emptyRun(INFO), FRAMES);
    for (let cut = 0; cut <= FRAMES.length; cut++) {
      const first = applyFrames(emptyRun(INFO), FRAMES.slice(0, cut));
      expect(applyFrames(first, FRAMES.slice(cut))).toEqual(whole);
      expect(applyFrames(first, FRAMES)).toEqual(whole);
    }
  });

  it("does not touch the run it was given", () => {
    const before = applyFrames(emptyRun(INFO), FRAMES.slice(0, 7));
    const copy = structuredClone(before);
    applyFrames(before, FRAMES);
    expect(before).toEqual(copy);
  });

  it("refuses a gap", () => {
    expect(() => applyFrames(emptyRun(INFO), FRAMES.slice(1))).toThrow(/frame 2 after 0/);
  });

  it("starts a file over that is opened again", () => {
    const again: Frame[] = [...FRAMES.slice(5, 8), ...FRAMES.slice(5, 7)].map((frame, index) => ({
      ...frame,
      seq: index + 1,
    }));
    expect(applyFrames(emptyRun(INFO), again).files["index.html"]?.text).toBe("<p>");
  });

  it("changes an older text in place", () => {
    const path = "index.html";
    const events: Event[] = [
      { type: "file.opened", path, language: "html", is_edit: true },
      { type: "file.delta", path, text: "a\nb\nc\n" },
      { type: "edit.opened", path, line: 1, count: 1 },
      { type: "edit.delta", path, text: "B\n" },
      { type: "edit.delta", path, text: "B2\n" },
      { type: "edit.closed", path },
      { type: "edit.opened", path, line: 0, count: 1 },
      { type: "edit.closed", path },
      { type: "edit.failed", path, search: "z\n", found: 0 },
    ];
    const frames = events.map((event, index) => ({ run: "r", seq: index + 1, at: 0, event }));
    const run = applyFrames(emptyRun(INFO), frames);
    expect(run.files[path]).toMatchObject({ text: "B\nB2\nc\n", edits: { applied: 2, failed: 1 } });
    expect(run.failedEdits).toBe(1);
    for (let cut = 0; cut <= frames.length; cut++) {
      const first = applyFrames(emptyRun(INFO), frames.slice(0, cut));
      expect(applyFrames(first, frames.slice(cut))).toEqual(run);
    }
  });

  it("knows when a run is over", () => {
    const error = { code: "stalled", message: "", retryable: true, retry_after: null };
    const failed = applyFrames(emptyRun(INFO), [
      { run: "r", seq: 1, at: 0, event: { type: "run.failed", error } },
    ]);
    expect(isOver(failed)).toBe(true);
    expect(failed.problem?.code).toBe("stalled");
    expect(isOver(applyFrames(emptyRun(INFO), FRAMES.slice(0, 4)))).toBe(false);
  });

  it("tells a build beside the run, and its end with the run's", () => {
    const events: Event[] = [
      { type: "run.started", model: "m" },
      { type: "build.step", step: 1 },
      { type: "build.writing", step: 1, tool: "", text: "I", is_reasoning: false },
      { type: "run.failed", error: { code: "internal", message: "", retryable: false, retry_after: null } },
    ];
    const frames = events.map((event, index) => ({ run: "r", seq: index + 1, at: index, event }));
    const info = { id: "r", model: "m", kind: "build" } as RunInfo;
    const running = applyFrames(emptyRun(info), frames.slice(0, 3));
    expect(running).toMatchObject({ phase: "writing", build: { phase: "working", writing: { text: "I" } } });
    expect(applyFrames(running, frames)).toMatchObject({
      phase: "failed",
      build: { phase: "over", writing: null },
    });
    expect(emptyRun(INFO).build).toBeNull();
  });
});
