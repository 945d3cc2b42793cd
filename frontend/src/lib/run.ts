import type { Problem, Usage, VersionRef } from "../protocol.gen";

/** A file of the answer. `state` is "cut" where the answer ended before the file did. */
export interface FileView {
  path: string;
  language: string;
  text: string;
  state: "writing" | "complete" | "cut";
}

/** What the answer shows from top to bottom. A file block stands where the model opened the file. */
export type Block =
  | { kind: "reasoning"; text: string }
  | { kind: "prose"; text: string }
  | { kind: "file"; path: string };

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
  usage: Usage | null;
  version: VersionRef | null;
  problem: Problem | null;
  /** Cut at the output limit. */
  truncated: boolean;
}
