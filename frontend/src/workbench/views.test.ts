import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RunView } from "../lib/run";
import type { Event, Frame, Refused, RunInfo } from "../protocol.gen";
import { RunViews } from "./views.svelte";

let painted: (() => void)[] = [];
let now = 0;

beforeEach(() => {
  painted = [];
  now = 0;
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("requestAnimationFrame", (paint: () => void) => painted.push(paint));
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function paint(): void {
  for (const work of painted.splice(0)) work();
}

function info(id: string): RunInfo {
  return { id, model: "bench" } as RunInfo;
}

function frame(run: string, seq: number, event: Event): Frame {
  return { run, seq, at: seq, event };
}

const text = (text: string): Event => ({ type: "text.delta", text });

/** The views of runs, and the ways by which their frames come. */
function follow(onchange: (before: RunView, after: RunView) => void = () => {}) {
  const ways = new Map<string, (frame: Frame) => void>();
  const refusals = new Map<string, (refused: Refused) => void>();
  const follower = {
    follow(run: string, _: number, onFrame: (frame: Frame) => void, onRefused: (refused: Refused) => void) {
      ways.set(run, onFrame);
      refusals.set(run, onRefused);
    },
  };
  const views = new RunViews(follower, onchange);
  const send = (run: string, seq: number, event: Event) => ways.get(run)?.(frame(run, seq, event));
  return { views, send, refusals };
}

const told = (views: RunViews, id: string) =>
  views.get(id)?.blocks.flatMap((block) => ("text" in block ? [block.text] : []));

it("applies what came for a run at once, with the next painted frame", () => {
  const changes: [number, number][] = [];
  const { views, send } = follow((before, after) => changes.push([before.seq, after.seq]));
  views.follow(info("a"));
  send("a", 1, text("one "));
  send("a", 2, text("two"));
  expect(told(views, "a")).toEqual([]);
  expect(painted).toHaveLength(1);
  paint();
  expect(told(views, "a")).toEqual(["one two"]);
  expect(changes).toEqual([[0, 2]]);
  expect(painted).toHaveLength(0);
});

it("leaves to later frames the runs for which a frame has no time, and loses none", () => {
  const { views, send } = follow(() => {
    now += 5;
  });
  for (const id of ["a", "b", "c"]) {
    views.follow(info(id));
    send(id, 1, text(id));
  }
  paint();
  expect(["a", "b", "c"].map((id) => told(views, id))).toEqual([["a"], ["b"], []]);
  send("c", 2, text("!"));
  paint();
  expect(told(views, "c")).toEqual(["c!"]);
  expect(painted).toHaveLength(0);
});

it("shows a run that is told again only when it is whole", () => {
  const { views, send } = follow();
  views.follow(info("a"));
  send("a", 1, { type: "withheld" } as Event);
  paint();
  views.retell(info("a"));
  send("a", 1, text("the answer"));
  paint();
  expect(told(views, "a")).toEqual([]);
  send("a", 2, { type: "run.finished", reason: "stop" } as Event);
  paint();
  expect(told(views, "a")).toEqual(["the answer"]);
});

it("tells of a run that may not be followed", () => {
  const { views, refusals } = follow();
  views.follow(info("a"));
  refusals.get("a")?.({ error: { code: "gone", message: "Gone." } } as Refused);
  expect(views.get("a")).toMatchObject({ phase: "failed", problem: { message: "Gone." } });
});
