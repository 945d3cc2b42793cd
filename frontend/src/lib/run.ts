import { type BuildView, EMPTY, endBuild, foldBuild } from "../build/fold";
import type {
  BuildEvent,
  Event,
  Frame,
  Problem,
  RunInfo,
  SegmentStarted,
  Usage,
  VersionRef,
} from "../protocol.gen";
import { countLines, offsetOf } from "./lines";

/** A file of the answer. `state` is "cut" where the answer ended before the file did. */
export interface FileView {
  path: string;
  language: string;
  text: string;
  state: "writing" | "complete" | "cut";
  /** What a wish has changed in an older text; absent in a file that is written whole. */
  edits?: Edits;
  /** What is no text. */
  asset?: Asset;
}

export interface Asset {
  mime: string;
  size: number;
  base64: string;
}

export interface Edits {
  applied: number;
  failed: number;
  /** The line (from 0) at which the next text comes in. */
  cursor: number;
}

/** What the answer shows from top to bottom. A file block stands where the model opened the file. */
export type Block =
  | { kind: "reasoning"; text: string }
  | { kind: "prose"; text: string }
  | { kind: "file"; path: string }
  /** Here the model was asked again, because it was cut or because edits did not apply. */
  | { kind: "seam"; reason: SegmentStarted["reason"] };

export type Phase = "queued" | "waiting" | "writing" | "finished" | "cancelled" | "failed";

/** A run as its log tells it: the fold of its frames up to `seq`. */
export interface RunView {
  id: string;
  seq: number;
  /** Milliseconds since the run was created: of the first answer, and of the newest frame. */
  answeredAt: number | null;
  lastAt: number;
  phase: Phase;
  model: string;
  /** What the server says it runs; differs from what was asked where a server substitutes models. */
  answeredBy: string | null;
  blocks: Block[];
  files: Record<string, FileView>;
  /** Characters received, for an estimate of the tokens. */
  length: number;
  usage: Usage | null;
  version: VersionRef | null;
  /** The saved page is more than was shown while it was written. */
  differs: boolean;
  /** The version that a person saved meanwhile, and whether its changes are in the run's. */
  edit: { number: number; isMerged: boolean } | null;
  problem: Problem | null;
  /** Cut at the output limit. */
  truncated: boolean;
  /** The run up to which earlier ones were condensed for this answer. */
  condensed: string | null;
  /** Edits that found no place, and have not been mended since. */
  failedEdits: number;
  /** Null for an answer. */
  build: BuildView | null;
}

export function emptyRun(info: Pick<RunInfo, "id" | "kind" | "model">): RunView {
  return {
    id: info.id,
    seq: 0,
    answeredAt: null,
    lastAt: 0,
    phase: "queued",
    model: info.model,
    answeredBy: null,
    blocks: [],
    files: {},
    length: 0,
    usage: null,
    version: null,
    differs: false,
    edit: null,
    problem: null,
    truncated: false,
    condensed: null,
    failedEdits: 0,
    build: info.kind === "build" ? EMPTY : null,
  };
}

export function isOver(run: RunView): boolean {
  return run.phase === "finished" || run.phase === "cancelled" || run.phase === "failed";
}

/** Over before it was whole, with something to go on from. */
export function isCut(run: RunView): boolean {
  return run.length > 0 && (run.truncated || run.phase === "cancelled" || run.phase === "failed");
}

/**
 * The run after `frames`, which may overlap with what it already holds but leave no gap.
 * One copy for the whole batch: call it once per painted frame.
 */
export function applyFrames(run: RunView, frames: Frame[]): RunView {
  const next: RunView = { ...run, blocks: [...run.blocks], files: { ...run.files } };
  for (const frame of frames) {
    if (frame.seq <= next.seq) continue;
    if (frame.seq !== next.seq + 1) throw new Error(`run ${run.id}: frame ${frame.seq} after ${next.seq}`);
    next.seq = frame.seq;
    next.lastAt = frame.at;
    if (isOfBuild(frame.event)) applyBuildEvent(next, frame.event, frame.at);
    else applyEvent(next, frame.event, frame.at);
    if (next.build && isOver(next)) next.build = endBuild(next.build);
  }
  return next;
}

function applyBuildEvent(run: RunView, event: BuildEvent, at: number): void {
  run.build = foldBuild(run.build ?? EMPTY, event, at);
  if (run.phase === "queued" || run.phase === "waiting") run.phase = "writing";
}

/** What happens within a build; the rest is told of every run. */
function isOfBuild(event: Event): event is BuildEvent {
  return event.type.startsWith("build.");
}

function applyEvent(run: RunView, event: Exclude<Event, BuildEvent>, at: number): void {
  switch (event.type) {
    case "run.started":
      run.model = event.model;
      run.phase = "waiting";
      return;
    case "model.answered":
      run.answeredBy = event.model;
      run.answeredAt = at;
      run.phase = "writing";
      return;
    case "reasoning.delta":
      appendText(run, "reasoning", event.text);
      return;
    case "text.delta":
      appendText(run, "prose", event.text);
      return;
    case "file.opened":
      run.files[event.path] = {
        path: event.path,
        language: event.language,
        text: "",
        state: "writing",
        ...(event.is_edit && { edits: { applied: 0, failed: 0, cursor: 0 } }),
      };
      run.blocks.push({ kind: "file", path: event.path });
      return;
    case "file.delta":
      appendToFile(run, event.path, event.text);
      return;
    case "file.closed":
      closeFile(run, event.path, event.complete);
      return;
    case "edit.opened":
      editFile(run, event.path, event.line, event.count, "");
      return;
    case "edit.delta":
      run.length += event.text.length;
      editFile(run, event.path, run.files[event.path]?.edits?.cursor ?? 0, 0, event.text);
      return;
    case "edit.closed":
      countEdit(run, event.path, "applied");
      return;
    case "edit.failed":
      if (event.path !== null) countEdit(run, event.path, "failed");
      run.failedEdits += 1;
      return;
    case "answer.withdrawn":
      withdraw(run);
      return;
    case "segment.started":
      run.blocks.push({ kind: "seam", reason: event.reason });
      if (event.reason === "repair" || event.reason === "rewrite") run.failedEdits = 0;
      return;
    case "context.condensed":
      run.condensed = event.upto;
      return;
    case "usage":
      run.usage = event;
      return;
    case "withheld":
      return; // told after the vote
    case "version.saved":
      run.version = event.version;
      run.differs = event.differs;
      run.edit = event.edit ? { number: event.edit, isMerged: event.is_merged } : null;
      return;
    case "run.finished":
      run.phase = event.reason === "cancelled" ? "cancelled" : "finished";
      run.truncated = event.reason === "length";
      return;
    case "run.failed":
      run.phase = "failed";
      run.problem = event.error;
      return;
    default:
      assertNever(event);
  }
}

function appendText(run: RunView, kind: "reasoning" | "prose", text: string): void {
  const last = run.blocks.at(-1);
  run.length += text.length;
  if (last && last.kind === kind) run.blocks[run.blocks.length - 1] = { kind, text: last.text + text };
  else run.blocks.push({ kind, text });
}

function appendToFile(run: RunView, path: string, text: string): void {
  const file = run.files[path];
  if (!file) throw new Error(`run ${run.id}: ${path} was not opened`);
  run.length += text.length;
  run.files[path] = { ...file, text: file.text + text };
}

function closeFile(run: RunView, path: string, complete: boolean): void {
  const file = run.files[path];
  if (file) run.files[path] = { ...file, state: complete ? "complete" : "cut" };
}

/** What was told as an answer was reasoning. */
function withdraw(run: RunView): void {
  const texts = run.blocks.flatMap((block) => ("text" in block ? [block.text] : []));
  run.blocks = [{ kind: "reasoning", text: texts.join("\n") }];
  run.files = {};
  run.failedEdits = 0;
}

/** Put whole lines in place of `count` lines from `line` on. */
function editFile(run: RunView, path: string, line: number, count: number, text: string): void {
  const file = run.files[path];
  if (!file) throw new Error(`run ${run.id}: ${path} was not opened`);
  const before = endLine(file.text);
  const fresh = endLine(text);
  const from = offsetOf(before, line);
  const to = from + offsetOf(before.slice(from), count);
  const edits = { ...(file.edits ?? { applied: 0, failed: 0 }), cursor: line + countLines(fresh) };
  run.files[path] = { ...file, text: before.slice(0, from) + fresh + before.slice(to), edits };
}

function countEdit(run: RunView, path: string, outcome: "applied" | "failed"): void {
  const file = run.files[path];
  if (!file) return;
  const edits = file.edits ?? { applied: 0, failed: 0, cursor: 0 };
  run.files[path] = { ...file, edits: { ...edits, [outcome]: edits[outcome] + 1 } };
}

function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function assertNever(event: never): never {
  throw new Error(`unknown event ${JSON.stringify(event)}`);
}
