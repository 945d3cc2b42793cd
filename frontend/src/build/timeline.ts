import type { FileChange } from "../protocol.gen";
import type { BuildView, Entry, Note, Step } from "./fold";

/** Steps in a row in which the model only read. */
export interface Reads {
  kind: "reads";
  steps: Step[];
}

export type Row = Step | Note | Reads;

const READING = ["list_files", "read_file", "search"];

/** What the timeline shows, from top to bottom. The step that runs stands for itself. */
export function rowsOf(build: BuildView): Row[] {
  const rows: Row[] = [];
  for (const entry of build.entries) {
    const last = rows.at(-1);
    if (!onlyReads(entry) || isRunning(build, entry)) rows.push(entry);
    else if (last?.kind === "reads") rows[rows.length - 1] = { kind: "reads", steps: [...last.steps, entry] };
    else rows.push({ kind: "reads", steps: [entry] });
  }
  return rows;
}

function onlyReads(entry: Entry): entry is Step {
  return (
    entry.kind === "step" &&
    entry.isAnswered &&
    entry.tools.length > 0 &&
    entry.tools.every(({ name, end }) => READING.includes(name) && end?.is_ok)
  );
}

/** The build is at this step, and not over. */
export function isRunning(build: BuildView, entry: Entry): boolean {
  return entry.kind === "step" && build.phase === "working" && entry === lastStep(build);
}

export function lastStep(build: BuildView): Step | null {
  return build.entries.findLast((entry) => entry.kind === "step") ?? null;
}

/** The newest step that can be looked at and gone on from: its answer is there. */
export function newestStep(build: BuildView): number {
  return Math.max(
    0,
    ...build.entries.map((entry) => (entry.kind === "step" && entry.isAnswered ? entry.step : 0)),
  );
}

export interface Sum {
  added: number;
  removed: number;
}

/** Null where no lines were counted. */
export function sumOf(changes: readonly FileChange[]): Sum | null {
  const counted = changes.filter(({ added, removed }) => added !== null || removed !== null);
  if (counted.length === 0) return null;
  return counted.reduce(
    (sum, change) => ({
      added: sum.added + (change.added ?? 0),
      removed: sum.removed + (change.removed ?? 0),
    }),
    { added: 0, removed: 0 },
  );
}

export function changesOf(step: Step): FileChange[] {
  return step.tools.flatMap(({ end }) => end?.changes ?? []);
}

/** What a step was about: its kinds of work with what they were done to, each once, in order. */
export interface Deed {
  what:
    | "plan"
    | "write"
    | "edit"
    | "move"
    | "delete"
    | "read"
    | "library"
    | "check"
    | "try"
    | "run"
    | "finish"
    | "other";
  names: string[];
}

const DEEDS: Record<string, Deed["what"]> = {
  set_plan: "plan",
  write_file: "write",
  edit_file: "edit",
  move_file: "move",
  delete_file: "delete",
  list_files: "read",
  read_file: "read",
  search: "read",
  add_library: "library",
  check: "check",
  interact: "try",
  run_command: "run",
  finish: "finish",
};

export function deedsOf(step: Step): Deed[] {
  const deeds: Deed[] = [];
  for (const tool of step.tools) {
    const what = deedOf(tool.name);
    const name = what === "other" ? tool.name : tool.what;
    const known = deeds.find((deed) => deed.what === what);
    if (!known) deeds.push({ what, names: name ? [name] : [] });
    else if (name && !known.names.includes(name)) known.names.push(name);
  }
  return deeds;
}

export function deedOf(tool: string): Deed["what"] {
  return Object.hasOwn(DEEDS, tool) ? (DEEDS[tool] as Deed["what"]) : "other";
}

/** A look at the page in a browser, for the filmstrip. */
export interface Look {
  step: number;
  picture: string;
  /** Null: the model tried the page itself. */
  checked: Extract<Note["event"], { type: "build.checked" }> | null;
}

export function looksOf(build: BuildView): Look[] {
  return build.entries.flatMap((entry): Look[] => {
    if (entry.kind === "step") {
      return entry.tools.flatMap(({ end }) =>
        end?.picture ? [{ step: entry.step, picture: end.picture, checked: null }] : [],
      );
    }
    const { event } = entry;
    if (event.type !== "build.checked") return [];
    const { shots, thumbnail } = event.check.pictures;
    const picture = shots["2"] ?? shots["5"] ?? thumbnail ?? Object.values(shots)[0];
    return picture ? [{ step: event.step, picture, checked: event }] : [];
  });
}
