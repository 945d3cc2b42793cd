/* Generated from playground/protocol by `make protocol`. Do not edit. */

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
  | ContextCondensed
  | Withheld
  | VersionSaved
  | RunFinished
  | RunFailed
  | BuildEvent;
export type BuildEvent =
  | BuildBegan
  | BuildResumed
  | BuildStep
  | BuildRefused
  | BuildAnswered
  | ToolCalled
  | ToolReturned
  | BuildPlanned
  | BuildChecked
  | BuildFix
  | BuildRestored
  | BuildWarned
  | BuildCondensed
  | BuildSteered
  | BuildPaused
  | BuildFinished
  | BuildWriting
  | BuildWorking;
export type EngineName = "playground" | "qwen_code";
export type ItemStatus = "todo" | "doing" | "done" | "dropped";
export type VerdictName = "works_well" | "usable" | "broken" | "not_verified";
export type BuildOutcome = "done" | "partial" | "failed" | "cancelled";
/**
 * What somebody is in a conversation. A writer's wishes and stops count as the owner's do; a viewer looks on.
 */
export type Role = "owner" | "writer" | "viewer";
export type BuildState = "waiting" | "working" | "paused" | "over";
export type RunStatus = "queued" | "running" | "finished" | "failed" | "cancelled";
export type Pixels = number;

export interface Wire {
  Frame: Frame;
  Refused: Refused;
  Pong: Pong;
  ConversationNews: ConversationNews;
  SharingInfo: SharingInfo;
  Batch: Batch;
  RunInfo: RunInfo;
  ContextInfo: ContextInfo;
  RaceDetail: RaceDetail;
  ConversationInfo: ConversationInfo;
  ConversationDetail: ConversationDetail;
  VersionInfo: VersionInfo;
  VersionPage: VersionPage;
  FilmInfo: FilmInfo;
  FilmStep: FilmStep;
  Branched: Branched;
  ArtifactInfo: ArtifactInfo;
  CheckInfo: CheckInfo;
  DraftInfo: DraftInfo;
  DraftSaved: DraftSaved;
  Bootstrap: Bootstrap;
  TakeoutServices: TakeoutServices;
  TakeoutInfo: TakeoutInfo;
  Pushed: Pushed;
  GalleryStanding: GalleryStanding;
  BuildDetail: BuildDetail;
  BuildFiles: BuildFiles;
  BuildMessage: BuildMessage;
  BuildSteps: BuildSteps;
  ChecklistProposal: ChecklistProposal;
  BuildMeans: BuildMeans;
  Follow: Follow;
  Seen: Seen;
  Unfollow: Unfollow;
  Watch: Watch;
  Unwatch: Unwatch;
  Ping: Ping;
  RunRequest: RunRequest;
  BuildRequest: BuildRequest;
  RaceRequest: RaceRequest;
  Vote: Vote;
  Keep: Keep;
  Branch: Branch;
  ArtifactRequest: ArtifactRequest;
  GithubPush: GithubPush;
  HuggingFacePush: HuggingFacePush;
  DraftRequest: DraftRequest;
  DraftSave: DraftSave;
  BuildStop: BuildStop;
  BuildSteer: BuildSteer;
  BuildFork: BuildFork;
  ChecklistRequest: ChecklistRequest;
  BuildNotice: BuildNotice;
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
 * `reason`: "continue" (it was cut), "resume" (the server that wrote it is gone, another one goes on), "branch" (what
 * stands before was taken from a film), "repair" (edits did not apply), "rewrite" (nor did they the second time).
 */
export interface SegmentStarted {
  type: "segment.started";
  reason: "continue" | "resume" | "branch" | "repair" | "rewrite";
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
 * The beginning of the branch, up to and with the run `upto`, is from now on told to the model as a summary.
 */
export interface ContextCondensed {
  type: "context.condensed";
  upto: string;
  runs: number;
}
/**
 * What this frame tells would name the model of a blind lane. After the vote, the log is told whole.
 */
export interface Withheld {
  type: "withheld";
}
/**
 * `differs`: more was saved than the live preview has shown, style sheets linked in, say.
 *
 * `edit` is the number of a version that a person saved of the same base while the model wrote, if there is one.
 * `is_merged`: its changes are in this version; else they touch the same lines, and it stands beside this one.
 */
export interface VersionSaved {
  type: "version.saved";
  version: VersionRef;
  differs: boolean;
  edit: number | null;
  is_merged: boolean;
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
 * `files`: how many there are to go on from.
 */
export interface BuildBegan {
  type: "build.began";
  engine: EngineName;
  checklist: string[];
  limits: BuildLimits;
  files: number;
  origin: ForkOrigin | null;
}
/**
 * What a build may use at most; seconds without those in which it waits. `cost` in the currency of the prices.
 */
export interface BuildLimits {
  model_calls: number;
  tool_calls: number;
  seconds: number;
  input_tokens: number;
  output_tokens: number;
  checks: number;
  cost: number | null;
}
/**
 * The build, and the step of it, whose files and plan this one began with.
 */
export interface ForkOrigin {
  run: string;
  step: number;
}
/**
 * Somebody goes on with it. `after` "death": a worker died at `step`, and what was `open` there is done again.
 */
export interface BuildResumed {
  type: "build.resumed";
  step: number;
  after: "death" | "pause";
  open: string;
}
/**
 * The model is being asked for its next answer.
 */
export interface BuildStep {
  type: "build.step";
  step: number;
}
/**
 * The model gave no answer; it is asked again after `wait` seconds, if it is a number.
 */
export interface BuildRefused {
  type: "build.refused";
  step: number;
  code: string;
  message: string;
  wait: number | null;
}
/**
 * `tools`: what it calls, in order. The texts are the first of it.
 */
export interface BuildAnswered {
  type: "build.answered";
  step: number;
  text: string;
  reasoning: string;
  tools: string[];
  used: BuildUse;
}
/**
 * What a build has used of its limits. `is_estimated`: the model's server did not count all tokens.
 */
export interface BuildUse {
  model_calls: number;
  tool_calls: number;
  seconds: number;
  input_tokens: number;
  output_tokens: number;
  checks: number;
  cost: number;
  is_estimated: boolean;
}
/**
 * A tool begins. `what`: the file, command or library that it is about, if any.
 */
export interface ToolCalled {
  type: "build.called";
  step: number;
  id: string;
  name: string;
  what: string;
}
/**
 * A tool has ended. `summary` is a line for people, `text` the first of what the model is told.
 *
 * `picture`: the address of one that was taken. Of more than twenty `changes`, `more` is the number of the others.
 */
export interface ToolReturned {
  type: "build.returned";
  step: number;
  id: string;
  name: string;
  is_ok: boolean;
  summary: string;
  text: string;
  changes: FileChange[];
  more: number;
  picture: string;
  seconds: number;
}
/**
 * A file before and after: SHA-256 of its content, None where it is not there. Lines are counted for text.
 */
export interface FileChange {
  path: string;
  before: string | null;
  after: string | null;
  added: number | null;
  removed: number | null;
}
/**
 * The whole plan as it is from now on.
 */
export interface BuildPlanned {
  type: "build.plan";
  step: number;
  items: PlanItem[];
}
/**
 * Of the model's plan. Evidence comes at the end; none is told as it is.
 */
export interface PlanItem {
  id: string;
  text: string;
  status: ItemStatus;
  evidence: Evidence[];
}
/**
 * What supports that an item is done. `text` is for people; `url` a picture's. Absent fields are empty.
 */
export interface Evidence {
  kind: "step" | "file" | "check" | "picture";
  step: number;
  text: string;
  path: string;
  url: string;
}
/**
 * The page was opened in a browser as it was after `step`. `is_best`: nothing before was better.
 */
export interface BuildChecked {
  type: "build.checked";
  step: number;
  check: BuildCheck;
  is_best: boolean;
  seconds: number;
}
/**
 * What a check in the browser found. `words` is the verdict for people, `why` tells why there is none.
 *
 * `gates` are those that did not pass, the most important first.
 */
export interface BuildCheck {
  verdict: VerdictName;
  words: string;
  why: string;
  gates: CheckGate[];
  pictures: CheckPictures;
  level: string;
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
 * The model said that it is done, but this gate fails: it is asked to mend it.
 */
export interface BuildFix {
  type: "build.fix";
  step: number;
  gate: string;
  title: string;
  round: number;
  rounds: number;
}
/**
 * The best files so far are back: what came after was worse.
 */
export interface BuildRestored {
  type: "build.restored";
  step: number;
  changes: FileChange[];
  more: number;
}
/**
 * The model was told that something is amiss: it goes round in circles, or a limit is near.
 */
export interface BuildWarned {
  type: "build.warned";
  step: number;
  rule: string;
  text: string;
}
/**
 * So many messages at the beginning of the conversation with the model are told to it as an outline from now on.
 */
export interface BuildCondensed {
  type: "build.condensed";
  step: number;
  messages: number;
}
/**
 * What a person has written meanwhile is told to the model now.
 */
export interface BuildSteered {
  type: "build.steered";
  step: number;
  id: string;
  text: string;
}
/**
 * Nobody works on it for now. "model": it cannot be reached; "turn": others' builds wait; "restart": of a worker.
 *
 * It goes on by itself, after `wait` seconds where that is a number.
 */
export interface BuildPaused {
  type: "build.paused";
  step: number;
  reason: "model" | "turn" | "restart";
  message: string;
  wait: number | null;
}
/**
 * How it ended; what is published follows as `version.saved`.
 *
 * "done": every gate of the check is green, or nothing could look. "partial": the best there is, `message` says why.
 */
export interface BuildFinished {
  type: "build.finished";
  step: number;
  outcome: BuildOutcome;
  code: string;
  message: string;
  title: string;
  summary: string;
  controls: string[];
  known_issues: string[];
}
/**
 * More of what the model is writing: its words, its thoughts, or with a `tool` the JSON of that tool's arguments.
 *
 * Of no lasting interest: `build.answered` of the same step takes its place, and a `build.resumed` or `build.refused`
 * takes it back.
 */
export interface BuildWriting {
  type: "build.writing";
  step: number;
  tool: string;
  text: string;
  is_reasoning: boolean;
}
/**
 * A sign of life. `what`: "model", "waiting" (for a model that refused), or a tool's name; since `seconds`.
 */
export interface BuildWorking {
  type: "build.working";
  step: number;
  what: string;
  seconds: number;
}
/**
 * Server: a client message was not accepted, or what was followed or watched may no longer be seen.
 *
 * `run` and `conversation` are both null when the message could not even be read.
 */
export interface Refused {
  type: "refused";
  run: string | null;
  conversation: string | null;
  error: Problem;
}
/**
 * Server: the answer to a ping.
 */
export interface Pong {
  type: "pong";
}
/**
 * Server: how the conversation stands now. A whole state, not a change: of several, the last one counts.
 *
 * `runs` are those that are written or wait, in order; `begun` counts all that have ever begun. `changed` is another
 * text when something else has changed that `GET /api/conversations/{id}` tells: a vote, an edit, a summary.
 */
export interface ConversationNews {
  type: "conversation.news";
  conversation: string;
  stamp: string;
  title: string;
  role: Role;
  is_shared: boolean;
  people: Participant[];
  runs: RunInfo[];
  begun: number;
  changed: string;
}
/**
 * Somebody who has the conversation open.
 */
export interface Participant {
  key: string;
  name: string;
  role: Role;
}
/**
 * A lane of a blind race shows no `model`, `usage`, `cost` and `finished_at` before the vote.
 *
 * While it is `queued`, its `parent` is not decided yet.
 */
export interface RunInfo {
  id: string;
  kind: "chat" | "build";
  build: BuildInfo | null;
  status: RunStatus;
  conversation: string;
  author: Person | null;
  parent: string | null;
  prompt: string;
  images: string[];
  places: Place[];
  model: string;
  usage: Usage | null;
  cost: number | null;
  error: Problem | null;
  race: string | null;
  artifact: string | null;
  version: VersionRef | null;
  condensation: CondensationInfo | null;
  preview_url: string | null;
  created_at: string;
  finished_at: string | null;
}
/**
 * How a build stands; part of its `RunInfo`.
 *
 * `state`: "waiting" for a worker, at `place` of the queue (from 1); "working"; "paused" until `resumes_at`; "over".
 * `check` is that of the best files so far. `commands`: whether it may run commands, `level` how they are confined.
 * `verifies`: whether there is a browser to look with. These three are unknown (None) until a worker has begun.
 */
export interface BuildInfo {
  engine: EngineName;
  state: BuildState;
  place: number | null;
  resumes_at: string | null;
  step: number;
  checklist: ChecklistItem[];
  plan: PlanItem[];
  used: BuildUse;
  limits: BuildLimits;
  check: BuildCheck | null;
  level: string | null;
  commands: boolean | null;
  verifies: boolean | null;
  stopping: ("now" | "after_step" | "keep_best") | null;
  outcome: BuildOutcome | null;
  code: string;
  message: string;
  title: string;
  summary: string;
  controls: string[];
  known_issues: string[];
  origin: ForkOrigin | null;
}
/**
 * A requirement, as the person has put it. `item`: the item of the plan that stands for it, if one does.
 */
export interface ChecklistItem {
  text: string;
  item: string | null;
  evidence: Evidence[];
}
/**
 * Somebody in a conversation. `key` tells people apart within it, and says nothing elsewhere.
 */
export interface Person {
  key: string;
  name: string;
}
/**
 * An element of the page that a wish refers to, as the page described it: shown as text, never trusted.
 *
 * `path` is a selector; ` >>> ` goes into a shadow root. `point` is where in the element, for a canvas or a drawing.
 */
export interface Place {
  page: string;
  path: string;
  tag: string;
  id: string;
  /**
   * @maxItems 12
   */
  classes: string[];
  name: string;
  text: string;
  html: string;
  box: Box;
  window: Size;
  point: Point | null;
}
/**
 * A rectangle, from the upper left corner of the window.
 */
export interface Box {
  width: Pixels;
  height: Pixels;
  x: Pixels;
  y: Pixels;
}
export interface Size {
  width: Pixels;
  height: Pixels;
}
export interface Point {
  x: Pixels;
  y: Pixels;
}
/**
 * What the model is told in place of a run and those before it. `is_outline`: the wishes alone.
 */
export interface CondensationInfo {
  summary: string;
  runs: number;
  saved: number;
  is_outline: boolean;
}
/**
 * Where others come in: an address for each role whose link is on.
 */
export interface SharingInfo {
  viewer: string | null;
  writer: string | null;
}
/**
 * A long poll's answer. On the websocket: frames that came together.
 */
export interface Batch {
  frames: Frame[];
  news: ConversationNews[];
  refused: Refused[];
}
/**
 * How much of a model's window the next wish would use, in tokens. All but `window` and `counted` are estimated.
 */
export interface ContextInfo {
  window: number;
  answer: number;
  instructions: number;
  conversation: number;
  files: number;
  counted: number | null;
  can_condense: boolean;
}
export interface RaceDetail {
  id: string;
  conversation: string;
  lanes: string[];
  is_blind: boolean;
  is_veiled: boolean;
  verdict: ("best" | "tie" | "bad") | null;
  best: string | null;
  kept: string | null;
  runs: RunInfo[];
}
/**
 * `role`: what the reader is in it. `me`: the reader's own key among its people. `owner`: the owner's name.
 */
export interface ConversationInfo {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
  artifact: string | null;
  is_running: boolean;
  role: Role;
  me: string;
  owner: string;
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
  role: Role;
  me: string;
  owner: string;
  runs: RunInfo[];
  races: RaceInfo[];
  edits: EditedVersion[];
  base: VersionRef | null;
}
/**
 * Several models at one wish. Each lane is a run; lanes become versions by being kept.
 */
export interface RaceInfo {
  id: string;
  conversation: string;
  lanes: string[];
  is_blind: boolean;
  is_veiled: boolean;
  verdict: ("best" | "tie" | "bad") | null;
  best: string | null;
  kept: string | null;
}
/**
 * A version that a person made, by editing or restoring, in place of the one before it.
 */
export interface EditedVersion {
  artifact: string;
  number: number;
  url: string;
  frame_url: string;
  title: string;
  before: number;
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
/**
 * A stretch of an artifact's versions, newest first. The next one is asked for with `before`, unless None.
 */
export interface VersionPage {
  versions: VersionSummary[];
  newest: number;
  before: number | null;
  is_mine: boolean;
}
/**
 * A version in a list: who or what made it, without its files.
 */
export interface VersionSummary {
  artifact: string;
  number: number;
  url: string;
  frame_url: string;
  title: string;
  entry: string;
  maker: "model" | "hand" | "remix" | "restored" | "published";
  label: string;
  prompt: string;
  model: string;
  is_demo: boolean;
  author: string;
  created_at: string;
  parent: number | null;
  source: VersionRef | null;
  changes: FileChanges | null;
  picture: string;
}
/**
 * How many files are not as they were in the version before.
 */
export interface FileChanges {
  added: number;
  changed: number;
  removed: number;
}
/**
 * The making of a version, from the first one that it goes back to; `earlier`: there are some before that.
 */
export interface FilmInfo {
  title: string;
  chapters: FilmChapter[];
  earlier: number | null;
}
/**
 * How a version was made. Without `frames` nothing is known of that; `is_forgotten`: no more.
 *
 * `frames` are those of the log that everybody may see, numbered from 1, with `at` in milliseconds of the film, which
 * is `length` long. First the prompt is typed, for `typing` milliseconds; that comes before. `recorded`: how many it
 * took in truth. `page_url`: the page as it was after frame 7 is at `7x0/` below it; at `7x200/` it goes on from there
 * at twice the pace.
 */
export interface FilmChapter {
  version: VersionSummary;
  prompt: string;
  kind: "answer" | "build" | "still";
  is_forgotten: boolean;
  typing: number;
  length: number;
  recorded: number | null;
  frames: Frame[];
  looks: FilmLook[];
  page_url: string | null;
}
/**
 * From frame `seq` on, the page is another one. `streams`: it is being written. `step`: of a build, after it.
 */
export interface FilmLook {
  seq: number;
  streams: boolean;
  step: number | null;
}
/**
 * A build as it stood after a step.
 */
export interface FilmStep {
  files: FileInfo[];
  frame_url: string | null;
}
/**
 * Where it goes on. No `run`: the version was whole there, and waits for a wish.
 */
export interface Branched {
  conversation: string;
  run: string | null;
}
export interface ArtifactInfo {
  id: string;
  title: string;
  description: string;
  visibility: "private" | "link" | "public";
  url: string;
  frame_url: string;
  version: number;
  is_mine: boolean;
  versions: VersionRef[];
  allowed_hosts: string[];
  embed: string | null;
  has_password: boolean;
  expires_at: string | null;
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
  verdict: VerdictName;
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
 * What the owner of an artifact has changed by hand in version `base` and not saved yet.
 *
 * `newest` is the newest version that stems from the base: saving lays the changes on top of it. `frame_url` shows the
 * draft as a page.
 */
export interface DraftInfo {
  artifact: string;
  base: number;
  newest: number;
  revision: number;
  entry: string;
  frame_url: string;
  files: FileInfo[];
}
/**
 * The version; or the conflicts with version `onto`, and nothing was saved.
 */
export interface DraftSaved {
  version: EditedVersion | null;
  onto: number;
  conflicts: ConflictInfo[];
}
/**
 * A file that was changed on both sides. Without `pieces`, only one side's file as a whole can be taken.
 */
export interface ConflictInfo {
  path: string;
  pieces: (string | ConflictPlace)[];
  mine: boolean;
  theirs: boolean;
}
/**
 * Lines that the base had, and what both sides made of them.
 */
export interface ConflictPlace {
  base: string;
  mine: string;
  theirs: string;
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
  heartbeat: number;
  join: string | null;
  wish: string;
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
 * Where versions may be pushed to: for each, where a token for it is made. None: this playground does not.
 */
export interface TakeoutServices {
  github: string | null;
  huggingface: string | null;
}
/**
 * A version as one HTML file. `outside`: what it cannot hold (addresses and hosts elsewhere, other pages).
 */
export interface TakeoutInfo {
  size: number;
  outside: string[];
}
/**
 * `url`: where it is now. `left_out`: sources that the service takes only otherwise; the page holds them.
 */
export interface Pushed {
  url: string;
  commit: string;
  left_out: string[];
}
/**
 * How one's own artifact stands with the gallery. `words`: the state in the reader's language.
 */
export interface GalleryStanding {
  state: "none" | "submitted" | "accepted" | "declined" | "hidden";
  words: string;
  reason: string;
  needs_account: boolean;
}
/**
 * With the files as they are, and what was written to it.
 */
export interface BuildDetail {
  engine: EngineName;
  state: BuildState;
  place: number | null;
  resumes_at: string | null;
  step: number;
  checklist: ChecklistItem[];
  plan: PlanItem[];
  used: BuildUse;
  limits: BuildLimits;
  check: BuildCheck | null;
  level: string | null;
  commands: boolean | null;
  verifies: boolean | null;
  stopping: ("now" | "after_step" | "keep_best") | null;
  outcome: BuildOutcome | null;
  code: string;
  message: string;
  title: string;
  summary: string;
  controls: string[];
  known_issues: string[];
  origin: ForkOrigin | null;
  files: BuildFile[];
  frame_url: string | null;
  messages: BuildMessage[];
}
export interface BuildFile {
  path: string;
  sha: string;
  size: number;
}
/**
 * What a person has written to a build that runs. `told`: the model knows it.
 */
export interface BuildMessage {
  id: string;
  text: string;
  told: boolean;
  created_at: string;
}
/**
 * The files as they were after `step`. `frame_url` shows them as a page; None where there is nothing to show.
 */
export interface BuildFiles {
  step: number;
  files: BuildFile[];
  frame_url: string | null;
}
/**
 * A stretch of the journal, oldest first. The next one is asked for with `after`, unless None.
 */
export interface BuildSteps {
  entries: BuildEntry[];
  after: number | null;
}
/**
 * One event of a build's journal. `seq` counts there, and has gaps.
 */
export interface BuildEntry {
  seq: number;
  at: string;
  event: BuildEvent;
}
/**
 * What the model thinks the wish asks for, each a thing that can be seen to be there or not.
 */
export interface ChecklistProposal {
  items: string[];
}
/**
 * What builds can do here, as the workers have last said; `is_known` is false where none has yet.
 */
export interface BuildMeans {
  is_known: boolean;
  engines: EngineInfo[];
  commands: boolean;
  level: string;
  verifies: boolean;
  limits: BuildLimits;
  can_mail: boolean;
  mails: boolean;
}
/**
 * `why` says what is missing where it is not available.
 */
export interface EngineInfo {
  name: EngineName;
  is_available: boolean;
  version: string;
  why: string;
}
/**
 * Client: send me every frame of `run` with `seq > after`, then go on live.
 *
 * `tells`: I say `run.seen` at least once for every 256 kB of messages; do not send more than I can take.
 */
export interface Follow {
  type?: "run.follow";
  run: string;
  after?: number;
  tells?: boolean;
}
/**
 * Client: all frames of `run` up to `seq` have arrived.
 */
export interface Seen {
  type?: "run.seen";
  run: string;
  seq: number;
}
export interface Unfollow {
  type?: "run.unfollow";
  run: string;
}
/**
 * Client: send me what is new in this conversation (one at a time), and count me among its people.
 *
 * `stamp` is that of the last news that came; the first news comes at once, unless it is the same.
 */
export interface Watch {
  type?: "conversation.watch";
  conversation: string;
  stamp?: string;
}
export interface Unwatch {
  type?: "conversation.unwatch";
}
/**
 * Client: are you still there? It keeps proxies from closing a silent connection, and finds dead ones.
 */
export interface Ping {
  type?: "ping";
}
/**
 * Body of `POST /api/runs`.
 *
 * `continues` is a run that was cut: this one takes its wish and place, and begins with what it had received.
 */
export interface RunRequest {
  prompt: string;
  conversation?: string | null;
  parent?: string | null;
  follows?: boolean;
  artifact?: string | null;
  version?: number | null;
  /**
   * @maxItems 8
   */
  images?: string[];
  /**
   * @maxItems 8
   */
  places?: Place[];
  sampling?: Sampling;
  model?: number | string | null;
  kind?: "chat";
  continues?: string | null;
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
 * Body of `POST /api/runs` for a build. `checklist`: what the page has to do, as the person wants it.
 *
 * `places` and `sampling` but for `temperature` and `top_p` are of no use to it.
 */
export interface BuildRequest {
  prompt: string;
  conversation?: string | null;
  parent?: string | null;
  follows?: boolean;
  artifact?: string | null;
  version?: number | null;
  /**
   * @maxItems 8
   */
  images?: string[];
  /**
   * @maxItems 8
   */
  places?: Place[];
  sampling?: Sampling;
  kind: "build";
  model?: number | string | null;
  /**
   * @maxItems 30
   */
  checklist?: string[];
  engine?: EngineName;
  limits?: LimitsWish;
}
/**
 * What a person may set for a build; more than the settings allow is cut to that.
 */
export interface LimitsWish {
  model_calls?: number | null;
  tool_calls?: number | null;
  seconds?: number | null;
  input_tokens?: number | null;
  output_tokens?: number | null;
  checks?: number | null;
  cost?: number | null;
}
/**
 * Body of `POST /api/races`: one wish to several models. `blind`: nobody learns which is which before the vote.
 */
export interface RaceRequest {
  prompt: string;
  conversation?: string | null;
  parent?: string | null;
  follows?: boolean;
  artifact?: string | null;
  version?: number | null;
  /**
   * @maxItems 8
   */
  images?: string[];
  /**
   * @maxItems 8
   */
  places?: Place[];
  sampling?: Sampling;
  /**
   * @maxItems 4
   */
  models: (number | string)[];
  blind?: boolean;
}
/**
 * Body of `POST /api/races/{id}/vote`. `run` is the best lane with the verdict "best", else null.
 */
export interface Vote {
  verdict: "best" | "tie" | "bad";
  run?: string | null;
}
/**
 * Body of `POST /api/races/{id}/keep`: the lane that becomes the version.
 */
export interface Keep {
  run: string;
}
/**
 * Body of `POST …/replay/branch`: go on from the film's frame `seq`; of a build, from the step that it shows.
 */
export interface Branch {
  seq: number;
  model?: number | string | null;
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
/**
 * Body of `POST …/push/github`. `repository` may go without its owner; the default branch if none.
 */
export interface GithubPush {
  token: string;
  repository: string;
  create?: boolean;
  private?: boolean;
  branch?: string;
  message?: string;
}
/**
 * Body of `POST …/push/huggingface`. The Space is created where it is not there.
 */
export interface HuggingFacePush {
  token: string;
  space: string;
  private?: boolean;
}
/**
 * Body of `PUT /api/artifacts/{id}/draft`: `moves` are done first, then `files` laid over; null deletes.
 *
 * `revision` is that of the draft as it was last read, 0 for none yet; `base` counts for a new one only.
 */
export interface DraftRequest {
  base: number;
  revision: number;
  files?: {
    [k: string]: string | null;
  };
  moves?: {
    [k: string]: string;
  };
}
/**
 * Body of `POST /api/artifacts/{id}/draft/save`: `decisions` by path, about conflicts with version `onto`.
 */
export interface DraftSave {
  revision: number;
  onto?: number | null;
  decisions?: {
    [k: string]: ConflictDecision;
  };
}
/**
 * What is taken of a conflict: a side, or a text.
 */
export interface ConflictDecision {
  side?: ("mine" | "theirs") | null;
  text?: string | null;
}
/**
 * Body of `POST …/build/stop`. "now" throws the open step away; "keep_best" publishes the best files so far.
 */
export interface BuildStop {
  mode: "now" | "after_step" | "keep_best";
}
/**
 * Body of `POST …/build/messages`: told to the model before its next answer.
 */
export interface BuildSteer {
  text: string;
}
/**
 * Body of `POST …/build/fork` and `…/rewind`: a build that goes on from the files and the plan after `step`.
 *
 * `prompt`: what to do from there; empty for the same wish.
 */
export interface BuildFork {
  step: number;
  prompt?: string;
}
/**
 * Body of `POST /api/builds/checklist`. `model` as in a run's.
 */
export interface ChecklistRequest {
  prompt: string;
  model?: number | string | null;
}
/**
 * Body of `PUT /api/builds/notice`: whether to be told by e-mail when a build of mine is over.
 */
export interface BuildNotice {
  mails: boolean;
}
