import { SvelteMap } from "svelte/reactivity";
import { ApiError, api, problem } from "../lib/api";
import { newestLeaf, pathTo, siblingsOf } from "../lib/branches";
import { readBack } from "../lib/images";
import { applyFrames, emptyRun, isOver, type RunView } from "../lib/run";
import { type Connection, RunSocket } from "../lib/socket";
import type {
  Bootstrap,
  ConversationDetail,
  ConversationInfo,
  EditedVersion,
  Frame,
  ModelInfo,
  Problem,
  RunInfo,
  VersionRef,
} from "../protocol.gen";
import { Drafting } from "../stage/drafting.svelte";
import { latestEdit } from "../stage/edits";
import { isPage } from "../stage/files";
import { preferences } from "./preferences.svelte";

export type Tab = "preview" | "code";
type Place = "conversation" | "result";

export interface Spot {
  path: string;
  line: number;
  column: number;
}

/** What the stage shows: a run's page, or the version that the conversation starts from. */
export interface Shown {
  run: RunView | null;
  url: string | null;
  version: VersionRef | null;
  isRunning: boolean;
  /** The run writes the page from the beginning, and the frame shows it while it comes. */
  isStreamed: boolean;
  /** What the page's storage is kept under: the artifact, or as long as there is none the conversation. */
  storage: string;
}

/** The state of the workbench. Components read it and call its verbs; nothing else talks to the server. */
export class Workbench {
  user = $state.raw<Bootstrap["user"]>(null);
  models = $state.raw<ModelInfo[]>([]);
  history = $state.raw<ConversationInfo[]>([]);
  conversation = $state.raw<ConversationDetail | null>(null);
  runs = $state.raw<RunInfo[]>([]);
  leaf = $state<string | null>(null);
  views = new SvelteMap<string, RunView>();
  connection = $state<Connection>("idle");
  /** How often the connection came back: a page that was streaming has broken off with it. */
  reconnects = $state(0);
  #wasLost = false;
  /** The run whose wish is being edited. */
  editing = $state.raw<RunInfo | null>(null);
  /** What is edited by hand. */
  readonly drafting = new Drafting();
  isSending = $state(false);
  refusal = $state.raw<Problem | null>(null);
  tab = $state<Tab>("preview");
  file = $state<string | null>(null);
  /** Where in the file to look, until the reader looks elsewhere. */
  spot = $state.raw<Spot | null>(null);
  place = $state<Place>("conversation");
  announcement = $state("");
  #chosen = $state<string | null>(null);

  path = $derived(pathTo(this.runs, this.leaf));
  model = $derived(this.models.find((model) => model.id === preferences.model) ?? this.models[0] ?? null);
  running = $derived(this.path.findLast((run) => !this.isOver(run)) ?? null);
  shown = $derived.by(() => this.#findShown());
  /** The artifact that the conversation is about, once there is one. */
  artifact = $derived(this.#artifactOf(this.shown.version));

  #socket: RunSocket;
  #waiting = new Map<string, Frame[]>();
  #scheduled = false;
  #urls = new Map<string, string>();

  constructor(readonly boot: Bootstrap) {
    this.user = boot.user;
    this.models = boot.models;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.#socket = new RunSocket(`${scheme}://${location.host}/ws`, (connection) => {
      if (connection === "open" && this.connection === "connecting" && this.#wasLost) this.reconnects += 1;
      this.#wasLost ||= connection === "offline";
      this.connection = connection;
    });
  }

  start(): void {
    this.#socket.start();
    this.#show(this.boot.conversation);
    if (this.user) void this.refreshHistory();
    addEventListener("popstate", () => void this.#restore());
  }

  isOver(run: RunInfo): boolean {
    const view = this.views.get(run.id);
    return view ? isOver(view) : run.finished_at !== null;
  }

  // ------------------------------------------------------------------------------------- wishes

  /** Start a run; true when it was accepted. A refusal stands in `refusal`, and the wish is the caller's to keep. */
  async send(prompt: string, images: string[] = []): Promise<boolean> {
    const parent = this.editing ? this.editing.parent : (this.path.at(-1)?.id ?? null);
    return this.#begin(prompt, images, parent);
  }

  /** Ask for what is wrong with the page to be put right, as a wish like any other. */
  async sendFix(wish: string): Promise<boolean> {
    this.editing = null;
    const isAccepted = await this.send(wish);
    if (isAccepted) this.place = "conversation";
    return isAccepted;
  }

  /** The same wish once more, as a branch beside the first answer. */
  async regenerate(run: RunInfo): Promise<void> {
    try {
      await this.#begin(run.prompt, await readBack(run.images), run.parent);
    } catch {
      this.refusal = problem("offline", ""); // its images could not be read again
    }
  }

  /** Go on where an answer was cut, as a branch that begins with what was received. */
  async continueRun(run: RunInfo): Promise<void> {
    await this.#begin(run.prompt, [], run.parent, run.id);
  }

  async cancel(run: RunInfo): Promise<void> {
    await api.cancelRun(run.id).catch((error: unknown) => this.#refuse(error));
  }

  async #begin(
    prompt: string,
    images: string[],
    parent: string | null,
    continues: string | null = null,
  ): Promise<boolean> {
    if (this.isSending) return false;
    this.isSending = true;
    this.refusal = null;
    try {
      const run = await api.startRun({
        prompt,
        images,
        parent,
        continues,
        conversation: this.conversation?.id ?? null,
        model: this.model?.id ?? null,
        sampling: preferences.sampling,
      });
      await this.#accept(run);
      return true;
    } catch (error) {
      this.#refuse(error);
      return false;
    } finally {
      this.isSending = false;
    }
  }

  async #accept(run: RunInfo): Promise<void> {
    this.editing = null;
    this.#chosen = null;
    if (this.conversation === null) {
      history.pushState(null, "", `/c/${run.conversation}`);
      this.conversation = {
        id: run.conversation,
        title: run.prompt.slice(0, 120),
        created_at: run.created_at,
        updated_at: run.created_at,
        artifact: null,
        is_running: true,
        runs: [],
        base: null,
        edits: [],
      };
    }
    this.runs = [...this.runs, run];
    this.leaf = run.id;
    this.user ??= { name: "", is_guest: true, is_staff: false };
    this.#follow(run);
    await this.refreshHistory();
  }

  #refuse(error: unknown): void {
    this.refusal = error instanceof ApiError ? error.problem : problem("other", String(error));
  }

  // ------------------------------------------------------------------------------- conversations

  newWish(): void {
    history.pushState(null, "", "/");
    this.#show(null);
  }

  async open(id: string): Promise<void> {
    history.pushState(null, "", `/c/${id}`);
    await this.#restore();
  }

  async refreshHistory(): Promise<void> {
    this.history = await api.listConversations().catch(() => this.history);
  }

  async rename(id: string, title: string): Promise<void> {
    await api.renameConversation(id, title).catch((error: unknown) => this.#refuse(error));
    if (this.conversation?.id === id) this.conversation = { ...this.conversation, title };
    await this.refreshHistory();
  }

  async remove(id: string): Promise<void> {
    await api.deleteConversation(id).catch((error: unknown) => this.#refuse(error));
    if (this.conversation?.id === id) this.newWish();
    await this.refreshHistory();
  }

  /** Show the conversation that the address names. */
  async #restore(): Promise<void> {
    const id = /^\/c\/(\w+)/.exec(location.pathname)?.[1];
    try {
      this.#show(id ? await api.getConversation(id) : null);
    } catch (error) {
      this.#show(null);
      this.#refuse(error);
    }
  }

  #show(conversation: ConversationDetail | null): void {
    this.conversation = conversation;
    this.runs = conversation?.runs ?? [];
    this.leaf = this.runs.at(-1)?.id ?? null;
    this.editing = null;
    this.refusal = null;
    this.file = null;
    this.spot = null;
    this.#chosen = null;
    this.place = "conversation";
    for (const run of this.runs) this.#follow(run);
  }

  // ------------------------------------------------------------------------------------ branches

  siblings(run: RunInfo): RunInfo[] {
    return siblingsOf(this.runs, run);
  }

  walkTo(run: RunInfo): void {
    this.leaf = newestLeaf(this.runs, run).id;
    this.#chosen = null;
  }

  // --------------------------------------------------------------------------------------- stage

  /** Put a run's page on the stage, or one of its files. */
  show(run: RunInfo, tab: Tab, file: string | null = null): void {
    this.#chosen = run.id;
    this.tab = tab;
    this.file = file;
    this.spot = null;
    this.place = "result";
  }

  /** A version that was edited by hand takes the place of the one before it. */
  noteEdit(version: EditedVersion): void {
    const { conversation } = this;
    if (!conversation || conversation.edits.some(({ number }) => number === version.number)) return;
    this.conversation = { ...conversation, edits: [...conversation.edits, version] };
    this.#chosen = null;
  }

  /** Put what was edited in a version together with the version that came beside it. */
  async takeUp(version: VersionRef, number: number): Promise<void> {
    this.#chosen = null;
    this.tab = "code";
    this.place = "result";
    await this.drafting.takeUp(version.artifact, number);
  }

  #editOf(version: VersionRef | null): VersionRef | null {
    return version && latestEdit(this.conversation?.edits ?? [], version.number);
  }

  #findShown(): Shown {
    const chosen = this.path.find((run) => run.id === this.#chosen);
    const run = chosen ?? this.path.findLast((candidate) => this.#hasPage(candidate));
    if (run) {
      const view = this.views.get(run.id) ?? null;
      const isRunning = !this.isOver(run);
      const version = run.version ?? view?.version ?? null;
      const storage = this.#storageOf(version);
      const edit = isRunning || chosen ? null : this.#editOf(version);
      if (edit) return this.#showVersion(edit);
      return {
        run: view,
        url: this.#urlOf(run),
        version,
        isRunning,
        isStreamed: this.#isStreamed(run),
        storage,
      };
    }
    const base = this.conversation?.base ?? null;
    const last = this.path.at(-1);
    return {
      ...this.#showVersion(this.#editOf(base) ?? base),
      isRunning: last !== undefined && !this.isOver(last),
    };
  }

  #showVersion(version: VersionRef | null): Shown {
    return {
      run: null,
      url: version?.frame_url ?? null,
      version,
      isRunning: false,
      isStreamed: false,
      storage: this.#storageOf(version),
    };
  }

  #storageOf(version: VersionRef | null): string {
    return this.#artifactOf(version) ?? this.conversation?.id ?? "";
  }

  #artifactOf(version: VersionRef | null): string | null {
    const artifact = version?.artifact ?? this.runs.find((run) => run.artifact)?.artifact;
    return artifact ?? this.conversation?.artifact ?? this.conversation?.base?.artifact ?? null;
  }

  #hasPage(run: RunInfo): boolean {
    return run.version !== null || Object.keys(this.views.get(run.id)?.files ?? {}).length > 0;
  }

  /**
   * The frame's address for a run, the same each time: a page that was watched while it was written stays as it is, unless more than that was saved;
   * an older one is its saved version, or what was left of it.
   */
  #urlOf(run: RunInfo): string | null {
    const view = this.views.get(run.id);
    const key = view?.differs ? `${run.id} saved` : run.id;
    const known = this.#urls.get(key);
    if (known) return known;
    const version = run.version ?? view?.version;
    if (!version && !this.#isStreamed(run)) return this.#urlBefore(run);
    const url = version?.frame_url ?? run.preview_url;
    if (url) this.#urls.set(key, url);
    return url;
  }

  /** Whether the run writes its page from the beginning; one that edits it is shown when it is done. */
  #isStreamed(run: RunInfo): boolean {
    const files = Object.values(this.views.get(run.id)?.files ?? {});
    const writesPage = files.some((file) => isPage(file.path) && !file.edits);
    return writesPage || this.#urlBefore(run) === null;
  }

  /** The page that a run goes on from. */
  #urlBefore(run: RunInfo): string | null {
    const parent = this.runs.find((other) => other.id === run.parent);
    const base = this.conversation?.base ?? null;
    if (!parent) return (this.#editOf(base) ?? base)?.frame_url ?? null;
    if (!this.#hasPage(parent)) return this.#urlBefore(parent);
    const version = parent.version ?? this.views.get(parent.id)?.version ?? null;
    return this.#editOf(version)?.frame_url ?? this.#urlOf(parent);
  }

  // ------------------------------------------------------------------------------------- the log

  #follow(run: RunInfo): void {
    const view = this.views.get(run.id) ?? emptyRun(run);
    this.views.set(run.id, view);
    if (isOver(view)) return;
    this.#socket.follow(
      run.id,
      view.seq,
      (frame) => this.#collect(frame),
      (refused) => this.views.set(run.id, { ...view, phase: "failed", problem: refused.error }),
    );
  }

  /** Frames are applied together, once per painted frame. */
  #collect(frame: Frame): void {
    const waiting = this.#waiting.get(frame.run);
    if (waiting) waiting.push(frame);
    else this.#waiting.set(frame.run, [frame]);
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (document.hidden) setTimeout(() => this.#apply(), 250);
    else requestAnimationFrame(() => this.#apply());
  }

  #apply(): void {
    this.#scheduled = false;
    for (const [id, frames] of this.#waiting) {
      const before = this.views.get(id);
      if (!before) continue;
      const after = applyFrames(before, frames);
      this.views.set(id, after);
      this.#announce(before, after);
      if (isOver(after)) void this.#finish(id);
    }
    this.#waiting.clear();
  }

  #announce(before: RunView, after: RunView): void {
    if (before.seq === 0 || before.phase === after.phase) return; // a replay is no news
    if (after.phase === "writing") this.announcement = "started";
    if (isOver(after)) this.announcement = after.phase;
  }

  async #finish(id: string): Promise<void> {
    const known = this.runs.find((run) => run.id === id);
    if (known && known.finished_at !== null) return;
    const fresh = await api.getRun(id).catch(() => null);
    if (fresh) this.runs = this.runs.map((run) => (run.id === id ? fresh : run));
    await this.refreshHistory();
  }
}
