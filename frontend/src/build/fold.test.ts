import { describe, expect, it } from "vitest";
import type { BuildEvent, BuildUse, ToolReturned } from "../protocol.gen";
import { type BuildView, EMPTY, foldBuild } from "./fold";
import { deedsOf, looksOf, newestStep, rowsOf } from "./timeline";

const USED: BuildUse = {
  model_calls: 1,
  tool_calls: 0,
  seconds: 2,
  input_tokens: 100,
  output_tokens: 10,
  checks: 0,
  cost: 0,
  is_estimated: false,
};

const step = (number: number): BuildEvent => ({ type: "build.step", step: number });
const answered = (number: number, tools: string[] = []): BuildEvent => ({
  type: "build.answered",
  step: number,
  text: `words ${number}`,
  reasoning: "",
  tools,
  used: { ...USED, model_calls: number },
});
const called = (number: number, id: string, name: string, what = ""): BuildEvent => ({
  type: "build.called",
  step: number,
  id,
  name,
  what,
});
const returned = (
  number: number,
  id: string,
  name: string,
  more: Partial<ToolReturned> = {},
): BuildEvent => ({
  type: "build.returned",
  step: number,
  id,
  name,
  is_ok: true,
  summary: "",
  text: "",
  changes: [],
  more: 0,
  picture: "",
  seconds: 0.1,
  ...more,
});
const writing = (number: number, text: string, tool = "", is_reasoning = false): BuildEvent => ({
  type: "build.writing",
  step: number,
  tool,
  text,
  is_reasoning,
});
const checked = (number: number, verdict: "broken" | "works_well"): BuildEvent => ({
  type: "build.checked",
  step: number,
  check: {
    verdict,
    words: "",
    why: "",
    gates: [],
    pictures: { thumbnail: "/t", film: null, shots: { "2": `/shot${number}` } },
    level: "",
  },
  is_best: true,
  seconds: 1,
});

const LOG: BuildEvent[] = [
  step(1),
  writing(1, "hm ", "", true),
  writing(1, "I will "),
  writing(1, "plan."),
  answered(1, ["set_plan"]),
  called(1, "a", "set_plan"),
  returned(1, "a", "set_plan"),
  { type: "build.plan", step: 1, items: [{ id: "1", text: "A ball", status: "doing", evidence: [] }] },
  step(2),
  writing(2, '{"path":', "write_file"),
  answered(2, ["write_file"]),
  called(2, "b", "write_file", "index.html"),
  returned(2, "b", "write_file", {
    changes: [{ path: "index.html", before: null, after: "x", added: 9, removed: 0 }],
  }),
  called(2, "", "check"),
  { type: "build.working", step: 2, what: "check", seconds: 1 },
  checked(2, "broken"),
  { type: "build.fix", step: 2, gate: "responds", title: "Responds", round: 1, rounds: 3 },
  step(3),
  answered(3, ["finish"]),
  called(3, "c", "finish"),
  returned(3, "c", "finish"),
  checked(3, "works_well"),
  {
    type: "build.finished",
    step: 3,
    outcome: "done",
    code: "done",
    message: "",
    title: "Ball",
    summary: "",
    controls: [],
    known_issues: [],
  },
];

const fold = (events: BuildEvent[], from: BuildView = EMPTY, start = 0) =>
  events.reduce((build, event, index) => foldBuild(build, event, (start + index) * 10), from);

describe("foldBuild", () => {
  it("tells a build from its log", () => {
    const build = fold(LOG);
    expect(build).toMatchObject({ phase: "over", step: 3, writing: null, working: null });
    expect(build.used?.model_calls).toBe(3);
    expect(build.plan.map(({ text }) => text)).toEqual(["A ball"]);
    expect(build.entries.map((entry) => (entry.kind === "step" ? entry.step : entry.event.type))).toEqual([
      1,
      2,
      "build.checked",
      "build.fix",
      3,
      "build.checked",
    ]);
    expect(build.end?.title).toBe("Ball");
  });

  it("gives the same wherever the log is cut", () => {
    const whole = fold(LOG);
    for (let cut = 0; cut <= LOG.length; cut++) {
      expect(fold(LOG.slice(cut), fold(LOG.slice(0, cut)), cut)).toEqual(whole);
    }
  });

  it("shows what is being written until the answer is there", () => {
    expect(fold(LOG.slice(0, 4)).writing).toEqual({
      step: 1,
      tool: "",
      text: "I will plan.",
      reasoning: "hm ",
    });
    expect(fold(LOG.slice(0, 5)).writing).toBeNull();
    expect(fold(LOG.slice(0, 10)).writing).toMatchObject({ tool: "write_file", text: '{"path":' });
  });

  it("does not change what it was given", () => {
    const before = fold(LOG.slice(0, 6));
    const kept = structuredClone(before);
    fold(LOG.slice(6), before);
    expect(before).toEqual(kept);
  });

  it("takes back the look that found its verdict", () => {
    const looking = fold(LOG.slice(0, 14)).entries[1];
    expect(looking).toMatchObject({ tools: [{ name: "write_file" }, { name: "check", end: null }] });
    expect(fold(LOG).entries[1]).toMatchObject({ tools: [{ name: "write_file" }] });
  });

  it("takes back an answer that broke off with its worker", () => {
    const died = fold([
      ...LOG.slice(0, 10),
      { type: "build.resumed", step: 2, after: "death", open: "model" },
    ]);
    expect(died.writing).toBeNull();
    expect(died.entries).toHaveLength(2);
    expect(fold([step(2), answered(2)], died).entries.at(-1)).toMatchObject({ step: 2, isAnswered: true });
  });

  it("tells a tool that is done again once", () => {
    const died = fold([
      ...LOG.slice(0, 12),
      { type: "build.resumed", step: 2, after: "death", open: "write_file" },
    ]);
    const again = fold(LOG.slice(11, 13), died).entries[1];
    expect(again).toMatchObject({ step: 2, tools: [{ id: "b", end: { is_ok: true } }] });
  });

  it("counts refusals in their step and forgets them with the answer", () => {
    const refused: BuildEvent = {
      type: "build.refused",
      step: 1,
      code: "rate_limited",
      message: "",
      wait: 5,
    };
    const waiting = fold([step(1), refused, step(1), refused]);
    expect(waiting.entries).toHaveLength(1);
    expect(waiting.entries[0]).toMatchObject({ refusals: 2, refused: { event: { wait: 5 }, at: 30 } });
    expect(fold([answered(1)], waiting).entries[0]).toMatchObject({ refusals: 2, refused: null });
  });

  it("stands still while it is paused", () => {
    const paused = fold([
      step(1),
      { type: "build.paused", step: 1, reason: "turn", message: "", wait: null },
    ]);
    expect(paused.phase).toBe("paused");
    expect(fold([{ type: "build.resumed", step: 1, after: "pause", open: "" }], paused).phase).toBe(
      "working",
    );
  });
});

describe("rowsOf", () => {
  const read = (number: number): BuildEvent[] => [
    step(number),
    answered(number, ["read_file"]),
    called(number, `r${number}`, "read_file", "a.js"),
    returned(number, `r${number}`, "read_file"),
  ];

  it("joins steps that only read, but for the one that runs", () => {
    const rows = rowsOf(fold([...read(1), ...read(2), ...read(3)]));
    expect(rows.map((row) => (row.kind === "reads" ? row.steps.length : row.kind))).toEqual([2, "step"]);
  });

  it("does not join over what happened between", () => {
    const rows = rowsOf(fold([...read(1), checked(1, "broken"), ...read(2), step(3)]));
    expect(rows.map(({ kind }) => kind)).toEqual(["reads", "note", "reads", "step"]);
  });
});

it("finds the newest step whose answer is there", () => {
  expect(newestStep(EMPTY)).toBe(0);
  expect(newestStep(fold([step(1), answered(1), step(2)]))).toBe(1);
});

it("says once what a step has done of each kind", () => {
  const entry = fold([
    answered(1),
    called(1, "a", "write_file", "a.js"),
    called(1, "b", "write_file", "b.js"),
    called(1, "c", "toString", "x"),
    called(1, "d", "write_file", "a.js"),
  ]).entries[0];
  expect(entry?.kind === "step" && deedsOf(entry)).toEqual([
    { what: "write", names: ["a.js", "b.js"] },
    { what: "other", names: ["toString"] },
  ]);
});

describe("looksOf", () => {
  it("finds the pictures of checks and attempts in order", () => {
    const tried = returned(1, "i", "interact", { picture: "/try" });
    const looks = looksOf(
      fold([step(1), answered(1), tried, checked(1, "broken"), checked(2, "works_well")]),
    );
    expect(looks.map(({ picture }) => picture)).toEqual(["/try", "/shot1", "/shot2"]);
    expect(looks.map(({ checked }) => checked?.check.verdict)).toEqual([undefined, "broken", "works_well"]);
  });
});
