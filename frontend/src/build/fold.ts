import type {
  BuildBegan,
  BuildChecked,
  BuildCondensed,
  BuildEvent,
  BuildFinished,
  BuildFix,
  BuildPaused,
  BuildRefused,
  BuildRestored,
  BuildResumed,
  BuildSteered,
  BuildUse,
  BuildWarned,
  BuildWorking,
  BuildWriting,
  PlanItem,
  ToolCalled,
  ToolReturned,
} from "../protocol.gen";

/** A tool that the model has called. `end` is null while it works. */
export interface ToolUse {
  id: string;
  name: string;
  what: string;
  end: ToolReturned | null;
}

/** One answer of the model, with the tools that it called. Times are milliseconds since the run was created. */
export interface Step {
  kind: "step";
  step: number;
  at: number;
  /** Of the newest thing that happened in it. */
  lastAt: number;
  isAnswered: boolean;
  text: string;
  reasoning: string;
  tools: ToolUse[];
  /** How often the model gave no answer; the newest of these, as long as it holds. */
  refusals: number;
  refused: { event: BuildRefused; at: number } | null;
}

export type NoteEvent =
  | BuildChecked
  | BuildFix
  | BuildRestored
  | BuildWarned
  | BuildCondensed
  | BuildSteered
  | BuildPaused
  | BuildResumed;

/** What happened between, or about, the steps. */
export interface Note {
  kind: "note";
  at: number;
  event: NoteEvent;
}

export type Entry = Step | Note;

/** What the model is writing right now. */
export interface Writing {
  step: number;
  tool: string;
  text: string;
  reasoning: string;
}

/** A build as its log tells it. */
export interface BuildView {
  phase: "waiting" | "working" | "paused" | "over";
  step: number;
  began: BuildBegan | null;
  entries: readonly Entry[];
  plan: readonly PlanItem[];
  used: BuildUse | null;
  writing: Writing | null;
  working: { event: BuildWorking; at: number } | null;
  end: BuildFinished | null;
  /** Counts what changes the files, or how the server says that the build stands. */
  turns: number;
}

export const EMPTY: BuildView = {
  phase: "waiting",
  step: 0,
  began: null,
  entries: [],
  plan: [],
  used: null,
  writing: null,
  working: null,
  end: null,
  turns: 0,
};

/** The build after one more event, `at` milliseconds after the run was created. */
export function foldBuild(build: BuildView, event: BuildEvent, at: number): BuildView {
  switch (event.type) {
    case "build.writing":
      return { ...build, phase: "working", writing: write(build.writing, event) };
    case "build.working":
      return { ...build, phase: "working", working: { event, at } };
    case "build.began":
      return { ...build, phase: "working", began: event, turns: build.turns + 1 };
    case "build.finished":
      return { ...settle(build), phase: "over", end: event, turns: build.turns + 1 };
    case "build.plan":
      return { ...build, plan: event.items, turns: build.turns + 1 };
    case "build.step":
    case "build.refused":
    case "build.answered":
    case "build.called":
    case "build.returned":
      return foldStep({ ...build, phase: "working" }, event, at);
    case "build.paused":
      return { ...note(settle(build), event, at), phase: "paused" };
    case "build.resumed":
      return { ...note(abandon(build, event), event, at), phase: "working" };
    default:
      return note(settle(build), event, at);
  }
}

/** The run is over, whether or not the build had an end of its own. */
export function endBuild(build: BuildView): BuildView {
  return { ...settle(build), phase: "over", turns: build.turns + 1 };
}

type StepEvent = Extract<
  BuildEvent,
  { type: "build.step" | "build.refused" | "build.answered" | "build.called" | "build.returned" }
>;

function foldStep(build: BuildView, event: StepEvent, at: number): BuildView {
  const fresh = { ...build, step: event.step, working: null };
  switch (event.type) {
    case "build.step":
      return change({ ...fresh, writing: null }, event.step, at, (step) => ({ ...step, refused: null }));
    case "build.refused":
      return change({ ...fresh, writing: null }, event.step, at, (step) => ({
        ...step,
        refusals: step.refusals + 1,
        refused: { event, at },
      }));
    case "build.answered":
      return change({ ...fresh, writing: null, used: event.used }, event.step, at, (step) => ({
        ...step,
        isAnswered: true,
        text: event.text,
        reasoning: event.reasoning,
        refused: null,
      }));
    case "build.called":
      return change(fresh, event.step, at, (step) => ({ ...step, tools: call(step.tools, event) }));
    case "build.returned":
      return change({ ...fresh, turns: build.turns + 1 }, event.step, at, (step) => ({
        ...step,
        tools: finish(step.tools, event),
      }));
  }
}

/** Change the newest entry of the step, which is added where there is none. */
function change(build: BuildView, number: number, at: number, how: (step: Step) => Step): BuildView {
  const index = build.entries.findLastIndex((entry) => entry.kind === "step" && entry.step === number);
  const found = build.entries[index];
  if (found?.kind !== "step") return { ...build, entries: [...build.entries, how(begin(number, at))] };
  return { ...build, entries: build.entries.with(index, { ...how(found), lastAt: at }) };
}

function begin(step: number, at: number): Step {
  return {
    kind: "step",
    step,
    at,
    lastAt: at,
    isAnswered: false,
    text: "",
    reasoning: "",
    tools: [],
    refusals: 0,
    refused: null,
  };
}

/** A tool that is done again, because its worker died, is not told twice. */
function call(tools: ToolUse[], { id, name, what }: ToolCalled): ToolUse[] {
  const use = { id, name, what, end: null };
  const open = tools.findIndex((tool) => tool.end === null && tool.id === id);
  return open < 0 ? [...tools, use] : tools.with(open, use);
}

function finish(tools: ToolUse[], end: ToolReturned): ToolUse[] {
  const index = tools.findLastIndex((tool) => tool.id === end.id && tool.end === null);
  const use = { id: end.id, name: end.name, what: tools[index]?.what ?? "", end };
  return index < 0 ? [...tools, use] : tools.with(index, use);
}

function write(writing: Writing | null, { step, tool, text, is_reasoning }: BuildWriting): Writing {
  const isSame = writing?.step === step && (writing.tool === tool || is_reasoning);
  const before = isSame ? writing : { step, tool, text: "", reasoning: isOf(writing, step) };
  return is_reasoning
    ? { ...before, reasoning: before.reasoning + text }
    : { ...before, text: before.text + text };
}

function isOf(writing: Writing | null, step: number): string {
  return writing?.step === step ? writing.reasoning : "";
}

/** Nothing is being done any more. A look of the loop's own has no end but what it found. */
function settle(build: BuildView): BuildView {
  const entries = build.entries.map((entry) =>
    entry.kind === "step" && entry.tools.some(isOwnLook)
      ? { ...entry, tools: entry.tools.filter((tool) => !isOwnLook(tool)) }
      : entry,
  );
  return { ...build, entries, writing: null, working: null };
}

function isOwnLook(tool: ToolUse): boolean {
  return tool.id === "" && tool.end === null;
}

/** What was open when the worker died is done again. */
function abandon(build: BuildView, event: BuildResumed): BuildView {
  const settled = settle(build);
  if (event.after !== "death") return settled;
  const last = settled.entries.at(-1);
  const isGone = last?.kind === "step" && !last.isAnswered && last.tools.length === 0;
  return isGone ? { ...settled, entries: settled.entries.slice(0, -1) } : settled;
}

function note(build: BuildView, event: NoteEvent, at: number): BuildView {
  return {
    ...build,
    step: Math.max(build.step, event.step),
    entries: [...build.entries, { kind: "note", at, event }],
    turns: build.turns + 1,
  };
}
