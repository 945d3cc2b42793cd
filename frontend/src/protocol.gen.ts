/* Generated from playground/protocol.py by `make protocol`. Do not edit. */

export type Event =
  | RunStarted
  | ModelAnswered
  | ReasoningDelta
  | TextDelta
  | FileOpened
  | FileDelta
  | FileClosed
  | EditOpened
  | EditDelta
  | EditClosed
  | EditFailed
  | AnswerWithdrawn
  | SegmentStarted
  | Usage
  | VersionSaved
  | RunFinished
  | RunFailed;
export type RunStatus = "queued" | "running" | "finished" | "failed" | "cancelled";

export interface Wire {
  Frame: Frame;
  Refused: Refused;
  RunInfo: RunInfo;
  ConversationInfo: ConversationInfo;
  ConversationDetail: ConversationDetail;
  VersionInfo: VersionInfo;
  ArtifactInfo: ArtifactInfo;
  CheckInfo: CheckInfo;
  Bootstrap: Bootstrap;
  Follow: Follow;
  Unfollow: Unfollow;
  RunRequest: RunRequest;
  ArtifactRequest: ArtifactRequest;
}
/**
 * One numbered event of one run's log. `at` is milliseconds since the run was created.
 */
export interface Frame {
  run: string;
  seq: number;
  at: number;
  event: Event;
}
/**
 * The request is on its way to the model: until the next event, we wait for the model.
 */
export interface RunStarted {
  type: "run.started";
  model: string;
}
/**
 * The first byte of the answer. `model` is what the server says it runs, which may not be what was asked for.
 */
export interface ModelAnswered {
  type: "model.answered";
  model: string;
}
export interface ReasoningDelta {
  type: "reasoning.delta";
  text: string;
}
/**
 * Prose (Markdown) outside the files.
 */
export interface TextDelta {
  type: "text.delta";
  text: string;
}
/**
 * From here, `file.delta`s with this path follow. A path opened again starts over, empty.
 *
 * `is_edit`: the first delta is the whole text that the wish goes on from, and edits of it follow.
 */
export interface FileOpened {
  type: "file.opened";
  path: string;
  language: string;
  is_edit: boolean;
}
export interface FileDelta {
  type: "file.delta";
  path: string;
  text: string;
}
/**
 * `complete` is false where the answer ended before the file did.
 */
export interface FileClosed {
  type: "file.closed";
  path: string;
  complete: boolean;
}
/**
 * `count` lines of the file, from `line` (from 0) on, go; the text of the following `edit.delta`s comes there.
 */
export interface EditOpened {
  type: "edit.opened";
  path: string;
  line: number;
  count: number;
}
/**
 * Whole lines, each with its line end.
 */
export interface EditDelta {
  type: "edit.delta";
  path: string;
  text: string;
}
export interface EditClosed {
  type: "edit.closed";
  path: string;
}
/**
 * An edit whose place was not found, or (`found` above 1) was not the only one. Nothing has changed.
 */
export interface EditFailed {
  type: "edit.failed";
  path: string | null;
  search: string;
  found: number;
}
/**
 * Everything so far turned out to be reasoning: its files and edits are none, its prose is reasoning.
 */
export interface AnswerWithdrawn {
  type: "answer.withdrawn";
}
/**
 * The model is asked again, for the same answer.
 *
 * `reason`: "continue" (it was cut), "repair" (edits did not apply), "rewrite" (nor did they the second time).
 */
export interface SegmentStarted {
  type: "segment.started";
  reason: "continue" | "repair" | "rewrite";
}
/**
 * Token counts of the run. `estimated` when the server reported none.
 */
export interface Usage {
  type: "usage";
  input_tokens: number;
  output_tokens: number;
  estimated: boolean;
}
/**
 * `differs`: more was saved than the live preview has shown, style sheets linked in, say.
 */
export interface VersionSaved {
  type: "version.saved";
  version: VersionRef;
  differs: boolean;
}
/**
 * Where a saved version is: `url` is its permalink, `frame_url` the page itself on the artifact host.
 */
export interface VersionRef {
  artifact: string;
  number: number;
  url: string;
  frame_url: string;
  title: string;
}
/**
 * The end of a run that was not a failure.
 *
 * `reason`: "stop" (the model was done), "length" (cut at the output limit), "cancelled" (a person pressed Stop).
 */
export interface RunFinished {
  type: "run.finished";
  reason: "stop" | "length" | "cancelled";
}
export interface RunFailed {
  type: "run.failed";
  error: Problem;
}
/**
 * A failure a person can meet. `message` says what happened and what to do.
 */
export interface Problem {
  code: string;
  message: string;
  retryable: boolean;
  retry_after: number | null;
}
/**
 * Server: a client message was not accepted. `run` is null when it could not even be read.
 */
export interface Refused {
  type: "refused";
  run: string | null;
  error: Problem;
}
export interface RunInfo {
  id: string;
  kind: "chat";
  status: RunStatus;
  conversation: string;
  parent: string | null;
  prompt: string;
  images: string[];
  model: string;
  usage: Usage | null;
  error: Problem | null;
  artifact: string | null;
  version: VersionRef | null;
  preview_url: string | null;
  created_at: string;
  finished_at: string | null;
}
export interface ConversationInfo {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
  artifact: string | null;
  is_running: boolean;
}
/**
 * A conversation and all of its runs, oldest first; the runs form a tree through `parent`.
 */
export interface ConversationDetail {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
  artifact: string | null;
  is_running: boolean;
  runs: RunInfo[];
  base: VersionRef | null;
}
export interface VersionInfo {
  artifact: string;
  number: number;
  url: string;
  frame_url: string;
  title: string;
  maker: "model" | "hand" | "remix" | "restored" | "published";
  label: string;
  prompt: string;
  model: string;
  author: string;
  created_at: string;
  files: FileInfo[];
}
export interface FileInfo {
  path: string;
  mime: string;
  size: number;
  text: string | null;
  base64: string | null;
}
export interface ArtifactInfo {
  id: string;
  title: string;
  visibility: "private" | "link" | "public";
  url: string;
  frame_url: string;
  version: number;
  is_mine: boolean;
  versions: VersionRef[];
  allowed_hosts: string[];
  created_at: string;
}
/**
 * What is known of a version. While it is checked again, what was found before stays.
 *
 * `state` "none": it was never asked for. `words` is the verdict for people, `why` and `install` (a command) tell why
 * there is none.
 */
export interface CheckInfo {
  state: "none" | "queued" | "running" | "done";
  verdict: "works_well" | "usable" | "broken" | "not_verified";
  words: string;
  why: string;
  install: string;
  gates: CheckGate[];
  problems: CheckProblem[];
  numbers: {
    [k: string]: number;
  };
  pictures: CheckPictures;
  level: string;
  browser: string;
  seed: number;
  seconds: number | null;
  checked_at: string | null;
}
/**
 * One thing that was looked at. `text` is the evidence; it may quote the page.
 */
export interface CheckGate {
  name: string;
  title: string;
  outcome: "passed" | "warned" | "failed" | "unknown";
  text: string;
}
/**
 * What the page reported itself. `line` is 0 where it is not known.
 */
export interface CheckProblem {
  kind: "exception" | "failed" | "console";
  text: string;
  path: string;
  line: number;
  column: number;
}
/**
 * Addresses of WebP pictures. `shots`: by seconds ("0.5", "2", "5"), and "phone".
 */
export interface CheckPictures {
  thumbnail: string | null;
  film: string | null;
  shots: {
    [k: string]: string;
  };
}
/**
 * What the workbench page needs at its start; the page carries it as JSON.
 */
export interface Bootstrap {
  user: UserInfo | null;
  models: ModelInfo[];
  demos: DemoInfo[];
  conversation: ConversationDetail | null;
  default_system_prompt: string;
  language: string;
  languages: {
    [k: string]: string;
  };
  network: "owners" | "listed" | "nobody";
  network_hosts: string[];
}
export interface UserInfo {
  name: string;
  is_guest: boolean;
  is_staff: boolean;
}
/**
 * A model that this person may choose.
 */
export interface ModelInfo {
  id: number;
  name: string;
  model_id: string;
  endpoint: string;
  is_default: boolean;
  is_demo: boolean;
  sees_images: boolean;
  context_window: number;
  output_limit: number;
  price_input: number | null;
  price_output: number | null;
}
/**
 * A clip of the Demo reel, offered as a wish to start from.
 */
export interface DemoInfo {
  slug: string;
  title: string;
  prompt: string;
  url: string | null;
}
/**
 * Client: send me every frame of `run` with `seq > after`, then go on live.
 */
export interface Follow {
  type?: "run.follow";
  run: string;
  after?: number;
}
export interface Unfollow {
  type?: "run.unfollow";
  run: string;
}
/**
 * Body of `POST /api/runs`.
 *
 * A first wish has neither `conversation` nor `artifact`. `parent` is the run that this one follows; a
 * sibling with the same parent is a branch (regenerate, edited prompt). `artifact` starts a conversation
 * that goes on from that artifact's latest version. `continues` is a run that was cut: this one takes its wish and
 * place, and begins with what it had received. `images` are `data:` URLs (PNG, JPEG, WebP, GIF).
 */
export interface RunRequest {
  prompt: string;
  model?: number | string | null;
  kind?: "chat";
  conversation?: string | null;
  parent?: string | null;
  artifact?: string | null;
  continues?: string | null;
  /**
   * @maxItems 8
   */
  images?: string[];
  sampling?: Sampling;
}
/**
 * What a person may set for a run; an absent value leaves the endpoint's own default.
 */
export interface Sampling {
  temperature?: number | null;
  top_p?: number | null;
  max_tokens?: number | null;
  seed?: number | null;
  system_prompt?: string | null;
}
/**
 * Body of `POST /api/artifacts`. A file is text, or base64 when it starts with `base64:`.
 */
export interface ArtifactRequest {
  title?: string;
  files: {
    [k: string]: string;
  };
  visibility?: "private" | "link" | "public";
}
