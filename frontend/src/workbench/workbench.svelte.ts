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
  Frame,
  ModelInfo,
  Problem,
  RunInfo,
  VersionRef,
  VersionSummary,
} from "../protocol.gen";
import { isPage } from "../stage/files";
import { preferences } from "./preferences.svelte";

export type Tab = "preview" | "code" | "versions";
type Place = "conversation" | "result";

export interface Spot {
  path: string;
  line: number;
  column: number;
}

/** What the stage shows: a run's page, the version that the conversation starts from, or one that was opened. */
export interface Shown {
  run: RunView | null;
  url: string | null;
  version: VersionRef | null;
  isRunning: boolean;
  /** The run writes the page from the beginning, and the frame shows it while it comes. */
  isStreamed: boolean;
  /** What the page's storage is kept under: the artifact, or as long as there is none the conversation. */
  storage: string;
  /** A person looks at it, though there is a newer one. */
  isEarlier: boolean;
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
  isSending = $state(false);
  refusal = $state.raw<Problem | null>(null);
  tab = $state<Tab>("preview");
  file = $state<string | null>(null);
  /** Where in the file to look, until the reader looks elsewhere. */
  spot = $state.raw<Spot | null>(null);
  place = $state<Place>("conversation");
  announcement = $state("");
  #chosen = $state<string | null>(null);
  /** A version that was opened from the list. */
  #opened = $state.raw<VersionRef | null>(null);
  /** The newest version, as the list of versions has it. */
  #listed = $state.raw<VersionRef | null>(null);
  isRestoring = $state(false);

  path = $derived(pathTo(this.runs, this.leaf));
  model = $derived(this.models.find((model) => model.id === preferences.model) ?? this.models[0] ?? null);
  running = $derived(this.path.findLast((run) => !this.isOver(run)) ?? null);
  shown = $derived.by(() => this.#findShown());
  /** The artifact that the conversation is about, once there is one. */
  artifact = $derived(this.#artifactOf(this.shown.version));
  /** The number of the newest version that came of these runs; 0 for none. */
  saved = $derived(Math.max(0, ...this.runs.map((run) => this.#versionOf(run)?.number ?? 0)));
  /** The number of the artifact's newest version that is known of. */
  newest = $derived(Math.max(this.#listed?.number ?? 0, this.saved));

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
    this.backToNewest();
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
    this.backToNewest();
    this.#listed = null;
    if (this.tab === "versions") this.tab = "preview";
    this.place = "conversation";
    for (const run of this.runs) this.#follow(run);
  }

  // ------------------------------------------------------------------------------------ branches

  siblings(run: RunInfo): RunInfo[] {
    return siblingsOf(this.runs, run);
  }

  walkTo(run: RunInfo): void {
    this.leaf = newestLeaf(this.runs, run).id;
    this.backToNewest();
  }

  // --------------------------------------------------------------------------------------- stage

  /** Put a run's page on the stage, or one of its files. */
  show(run: RunInfo, tab: Tab, file: string | null = null): void {
    this.#opened = null;
    this.#chosen = run.id;
    this.tab = tab;
    this.file = file;
    this.spot = null;
    this.place = "result";
  }

  /** What this branch has made last. */
  backToNewest(): void {
    this.#chosen = null;
    this.#opened = null;
  }

  #findShown(): Shown {
    if (this.#opened) return this.#showVersion(this.#opened);
    const chosen = this.path.find((run) => run.id === this.#chosen);
    const run = chosen ?? this.path.findLast((candidate) => this.#hasPage(candidate));
    if (run) {
      const view = this.views.get(run.id) ?? null;
      const isRunning = !this.isOver(run);
      const version = this.#versionOf(run);
      const storage = this.#storageOf(version);
      const last = this.path.findLast((candidate) => this.#versionOf(candidate) !== null);
      return {
        run: view,
        url: this.#urlOf(run),
        version,
        isRunning,
        isStreamed: this.#isStreamed(run),
        storage,
        isEarlier: version !== null && last !== undefined && last.id !== run.id,
      };
    }
    const base = this.conversation?.base ?? null;
    const last = this.path.at(-1);
    return {
      run: null,
      url: base?.frame_url ?? null,
      version: base,
      isRunning: last !== undefined && !this.isOver(last),
      isStreamed: false,
      storage: this.#storageOf(base),
      isEarlier: false,
    };
  }

  #showVersion(version: VersionRef): Shown {
    return {
      run: null,
      url: version.frame_url,
      version,
      isRunning: false,
      isStreamed: false,
      storage: this.#storageOf(version),
      isEarlier: version.number < this.newest,
    };
  }

  #versionOf(run: RunInfo): VersionRef | null {
    return run.version ?? this.views.get(run.id)?.version ?? null;
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
    if (!parent) return this.conversation?.base?.frame_url ?? null;
    return this.#hasPage(parent) ? this.#urlOf(parent) : this.#urlBefore(parent);
  }

  // ------------------------------------------------------------------------------------ versions

  noteNewest(version: VersionRef): void {
    this.#listed = version;
  }

  /** The artifact's newest version, be it of this branch or not. */
  showNewest(): void {
    const isElsewhere = this.#listed && this.#listed.number > this.saved;
    if (isElsewhere && this.#listed) this.openVersion(this.#listed);
    else this.backToNewest();
  }

  /** Put a version on the stage. The page that this branch has made last stays as it is. */
  openVersion(version: VersionRef): void {
    this.backToNewest();
    if (this.shown.version?.number !== version.number) this.#opened = version;
    this.tab = "preview";
    this.file = null;
    this.spot = null;
  }

  /** Make a version the newest once more, and show it. Null where it was refused; that stands in `refusal`. */
  async restore(version: VersionRef): Promise<VersionSummary | null> {
    if (this.isRestoring) return null;
    this.isRestoring = true;
    try {
      const restored = await api.restoreVersion(version.artifact, version.number);
      this.noteNewest(restored);
      this.#chosen = null;
      this.#opened = restored;
      await this.#renew();
      return restored;
    } catch (error) {
      this.#refuse(error);
      return null;
    } finally {
      this.isRestoring = false;
    }
  }

  /** A conversation of its own that goes on from a version. */
  async goOnFrom(version: VersionRef): Promise<boolean> {
    try {
      const begun = await api.beginConversation(version.artifact, version.number);
      history.pushState(null, "", `/c/${begun.id}`);
      this.#show(begun);
      void this.refreshHistory();
      return true;
    } catch (error) {
      this.#refuse(error);
      return false;
    }
  }

  /** What the server knows of the conversation besides its runs. */
  async #renew(): Promise<void> {
    const { conversation } = this;
    const fresh = conversation && (await api.getConversation(conversation.id).catch(() => null));
    if (fresh && this.conversation?.id === fresh.id) this.conversation = fresh;
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
