import { buildApi, type StopMode } from "../build/api";
import { Builds } from "../build/builds.svelte";
import { BuildNotices } from "../build/notices.svelte";
import { t as together } from "../i18n/together";
import { ApiError, api, problem } from "../lib/api";
import { isUnkept, newestLeaf, pathTo, siblingsOf, standIn } from "../lib/branches";
import { takeWish } from "../lib/handover";
import { readBack } from "../lib/images";
import { isOver, type RunView } from "../lib/run";
import type {
  Bootstrap,
  BuildInfo,
  ConversationDetail,
  ConversationInfo,
  ConversationNews,
  EditedVersion,
  ModelInfo,
  Place,
  Problem,
  RaceDetail,
  RaceInfo,
  RunInfo,
  RunRequest,
  VersionRef,
  VersionSummary,
  Vote,
} from "../protocol.gen";
import { Drafting } from "../stage/drafting.svelte";
import { Together } from "../together/together.svelte";
import { type Connection, RunFollower } from "../transport/follower";
import { poll, stream } from "../transport/http";
import type { Kind } from "../transport/transport";
import { websocket } from "../transport/websocket";
import { Attached } from "./attached.svelte";
import { Pages, type Shown } from "./pages";
import { preferences } from "./preferences.svelte";
import { RunViews } from "./views.svelte";

export type Tab = "preview" | "steps" | "code" | "versions";
/** Which half of the workbench a narrow window shows. */
type Side = "conversation" | "result";

export interface Spot {
  path: string;
  line: number;
  column: number;
}

/** The state of the workbench. Components read it and call its verbs; nothing else talks to the server. */
export class Workbench {
  user = $state.raw<Bootstrap["user"]>(null);
  models = $state.raw<ModelInfo[]>([]);
  history = $state.raw<ConversationInfo[]>([]);
  /** What others have shared with this person. */
  shared = $state.raw<ConversationInfo[]>([]);
  conversation = $state.raw<ConversationDetail | null>(null);
  runs = $state.raw<RunInfo[]>([]);
  races = $state.raw<RaceInfo[]>([]);
  leaf = $state<string | null>(null);
  connection = $state<Connection>("idle");
  /** How frames come, or came last. */
  transport = $state<Kind>("websocket");
  /** How often the connection came back: a page that was streaming has broken off with it. */
  reconnects = $state(0);
  wasLost = $state(false);
  /** What the runs' logs tell. */
  readonly views: RunViews;
  readonly attached = new Attached();
  /** Who else is here, and what waits. */
  readonly together = new Together();
  readonly builds = new Builds();
  /** The pages that the stage can show. */
  readonly pages: Pages = new Pages(this);
  readonly notices = new BuildNotices();
  /** The next wish is built over many steps. */
  isBuilding = $state(false);
  /** The step whose files the stage shows; null: the newest. */
  step = $state<number | null>(null);
  /** The run whose wish is being edited. */
  editing = $state.raw<RunInfo | null>(null);
  /** What is edited by hand. */
  readonly drafting = new Drafting();
  /** What was written and not sent before a wish was filled in. */
  displaced = $state("");
  isSending = $state(false);
  isCondensing = $state(false);
  refusal = $state.raw<Problem | null>(null);
  tab = $state<Tab>("preview");
  file = $state<string | null>(null);
  /** Where in the file to look, until the reader looks elsewhere. */
  spot = $state.raw<Spot | null>(null);
  place = $state<Side>("conversation");
  announcement = $state("");
  #chosen = $state<string | null>(null);
  /** The race that was opened; null: it was put away; undefined: nobody has said. */
  #openedRace = $state<string | null | undefined>(undefined);
  /** A version that was opened from the list. */
  #openedVersion = $state.raw<VersionRef | null>(null);
  /** The newest version, as the list of versions has it. */
  #listed = $state.raw<VersionRef | null>(null);
  isRestoring = $state(false);

  role = $derived(this.conversation?.role ?? "owner");
  /** May send wishes, stop answers, vote and keep. */
  canWrite = $derived(this.role !== "viewer");
  /** An answer is being written somewhere in the conversation, or one waits: a wish will have to wait, too. */
  isBusy = $derived(this.together.queue.length > 0 || this.runs.some((run) => !this.isOver(run)));
  path = $derived(pathTo(this.runs, this.leaf));
  last = $derived(this.path.at(-1) ?? null);
  model = $derived(this.models.find((model) => model.id === preferences.model) ?? this.models[0] ?? null);
  /** The next wish goes to several models at once. */
  isRacing = $derived(preferences.racing && this.models.length > 1);
  racers = $derived(this.models.filter((model) => preferences.racers.includes(model.id)));
  running = $derived(
    this.path.findLast((run) => this.lanesBeside(run).some((lane) => !this.isOver(lane))) ?? null,
  );
  /** The build that is going on here. */
  runningBuild = $derived(this.running?.kind === "build" ? this.running : null);
  race = $derived.by(() => this.#findRace());
  condensations = $derived(this.path.map((run) => run.condensation?.runs ?? 0).join());
  shown = $derived.by(() => this.#findShown());
  /** The artifact that the conversation is about, once there is one. */
  artifact = $derived(this.pages.artifactOf(this.shown.version));
  /** The number of the newest version that came of these runs; 0 for none. */
  saved = $derived(Math.max(0, ...this.runs.map((run) => this.pages.versionOf(run)?.number ?? 0)));
  /** The number of the artifact's newest version that is known of. */
  newest = $derived(
    Math.max(
      this.#listed?.number ?? 0,
      this.saved,
      ...(this.conversation?.edits ?? []).map(({ number }) => number),
    ),
  );

  #follower: RunFollower;

  constructor(readonly boot: Bootstrap) {
    this.user = boot.user;
    this.models = boot.models;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const heartbeat = boot.heartbeat * 1000;
    const ways = {
      websocket: websocket(`${scheme}://${location.host}/ws`, heartbeat),
      stream,
      poll: poll(heartbeat),
    };
    this.#follower = new RunFollower(ways, sessionStorage, (connection, kind) => {
      if (connection === "open" && this.connection === "connecting" && this.wasLost) this.reconnects += 1;
      this.wasLost ||= connection === "offline";
      this.connection = connection;
      if (connection === "open") this.transport = kind;
    });
    this.views = new RunViews(this.#follower, (before, after) => this.#note(before, after));
  }

  start(): void {
    this.#follower.start();
    this.#show(this.boot.conversation);
    if (this.boot.join) void this.#join(this.boot.join);
    else if (this.user) void this.refreshHistory();
    if (!this.boot.conversation && !this.boot.join) void this.#takeOver();
    this.notices.start((conversation) => !document.hidden && this.conversation?.id === conversation);
    addEventListener("popstate", () => void this.#restore());
    document.addEventListener("visibilitychange", () => {
      void this.#refreshRace();
      if (!document.hidden && this.conversation) this.notices.see(this.conversation.id);
    });
  }

  /** Asked for by this person, or in a conversation of theirs. */
  isMine(run: RunInfo): boolean {
    return this.role === "owner" || run.author?.key === this.conversation?.me;
  }

  isOver(run: RunInfo): boolean {
    const view = this.views.get(run.id);
    return view ? isOver(view) : isFinal(run);
  }

  // ------------------------------------------------------------------------------------- wishes

  /** Start a run; true when it was accepted. A refusal stands in `refusal`, and the wish is the caller's to keep. */
  async send(prompt: string, images: string[] = [], places: Place[] = []): Promise<boolean> {
    return this.#begin({
      prompt,
      images,
      places,
      parent: this.#findParent(),
      follows: this.editing === null,
    });
  }

  /** Give the wish to all racers at once; true when it was accepted. */
  async sendRace(prompt: string, images: string[], places: Place[]): Promise<boolean> {
    return this.#attempt(async () => {
      const race = await api.startRace({
        prompt,
        images,
        places,
        parent: this.#findParent(),
        conversation: this.conversation?.id ?? null,
        models: this.racers.map((model) => model.id),
        blind: preferences.blind,
        sampling: preferences.sampling,
      });
      this.races = [...this.races, race];
      this.#openedRace = race.id;
      await this.#accept(race.runs.toSorted(byLane(race)));
    });
  }

  /** Have it built over many steps; true when it was accepted. */
  async sendBuild(prompt: string, images: string[], places: Place[], checklist: string[]): Promise<boolean> {
    return this.#attempt(async () => {
      const run = await buildApi.start({
        kind: "build",
        prompt,
        images,
        places,
        checklist,
        engine: preferences.engine,
        parent: this.#findParent(),
        follows: this.editing === null,
        conversation: this.conversation?.id ?? null,
        model: this.#builder(),
        sampling: preferences.sampling,
      });
      await this.#acceptBuild(run);
    });
  }

  /** Null lets the server choose: what stands first may be the reel, which cannot build. */
  #builder(): number | null {
    const isChosen = this.model?.id === preferences.model;
    return this.model && (isChosen || !this.model.is_demo) ? this.model.id : null;
  }

  async #acceptBuild(run: RunInfo): Promise<void> {
    this.notices.expect(run);
    this.#openedRace = null;
    this.step = null;
    await this.#accept([run]);
  }

  /** Remembered for the conversation. */
  turnBuilding(isOn: boolean): void {
    this.isBuilding = isOn;
    preferences.keepBuilding(this.conversation?.id ?? null, isOn);
  }

  edit(run: RunInfo): void {
    this.editing = run;
    this.isBuilding = run.kind === "build";
  }

  /** Say something to a build that runs; true when it was accepted. */
  async tell(run: RunInfo, text: string): Promise<boolean> {
    return this.#attempt(() => this.builds.tell(run.id, text));
  }

  async stopBuild(run: RunInfo, mode: StopMode): Promise<void> {
    await this.builds.stop(run.id, mode).catch((error: unknown) => this.#refuse(error));
  }

  /** A build that goes on from a step of this one; `isRewind` stops this one first. */
  async forkBuild(run: RunInfo, step: number, prompt: string, isRewind: boolean): Promise<boolean> {
    const ask = isRewind ? buildApi.rewind : buildApi.fork;
    return this.#attempt(async () => this.#acceptBuild(await ask(run.id, { step, prompt })));
  }

  /** From a lane that nobody has kept, a wish cannot go on: it goes on from before the race. */
  #findParent(): string | null {
    if (this.editing) return this.editing.parent;
    if (!this.last) return null;
    return isUnkept(this.last) ? this.last.parent : this.last.id;
  }

  /** Something was attached to the wish: go on with its text. */
  attend(): void {
    this.place = "conversation";
    this.attached.attentions += 1;
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
      const { prompt, places, parent } = run;
      if (run.build) await this.#rebuild(run, run.build);
      else await this.#begin({ prompt, places, parent, images: await readBack(run.images) });
    } catch {
      this.refusal = problem("offline", ""); // its images could not be read again
    }
  }

  async #rebuild({ prompt, places, parent }: RunInfo, { checklist, engine }: BuildInfo): Promise<void> {
    await this.#attempt(async () => {
      const run = await buildApi.start({
        kind: "build",
        prompt,
        places,
        parent,
        checklist: checklist.map(({ text }) => text),
        engine,
        conversation: this.conversation?.id ?? null,
        model: this.#builder(),
        sampling: preferences.sampling,
      });
      await this.#acceptBuild(run);
    });
  }

  /** Go on where an answer was cut, as a branch that begins with what was received. */
  async continueRun(run: RunInfo): Promise<void> {
    await this.#begin({ prompt: run.prompt, parent: run.parent, continues: run.id });
  }

  /** Stop the run; of a race, all lanes. */
  async cancel(run: RunInfo): Promise<void> {
    const cancelled = run.race ? api.cancelRace(run.race) : api.cancelRun(run.id);
    await cancelled.catch((error: unknown) => this.#refuse(error));
  }

  /** Remove a wish from the queue. */
  async takeBack(run: RunInfo): Promise<void> {
    await api.cancelRun(run.id).then(
      () => this.together.remove(run),
      (error: unknown) => this.#refuse(error),
    );
  }

  async cancelLane(run: RunInfo): Promise<void> {
    await api.cancelRun(run.id).catch((error: unknown) => this.#refuse(error));
  }

  /** Have what was said before the latest exchange told to the model as a summary. */
  async condense(run: RunInfo): Promise<void> {
    this.isCondensing = true;
    try {
      this.#replace(await api.condense(run.id, this.model?.id ?? null));
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.isCondensing = false;
    }
  }

  async undoCondensation(run: RunInfo): Promise<void> {
    await api.undoCondensation(run.id).then(
      (fresh) => this.#replace(fresh),
      (error: unknown) => this.#refuse(error),
    );
  }

  async #begin(wish: RunRequest): Promise<boolean> {
    return this.#attempt(async () => {
      const run = await api.startRun({
        ...wish,
        conversation: this.conversation?.id ?? null,
        model: this.model?.id ?? null,
        sampling: preferences.sampling,
      });
      this.#openedRace = null;
      await this.#accept([run]);
    });
  }

  /** One request of a person at a time; true when it was accepted. */
  async #attempt(ask: () => Promise<void>): Promise<boolean> {
    if (this.isSending) return false;
    this.isSending = true;
    this.refusal = null;
    try {
      await ask();
      return true;
    } catch (error) {
      this.#refuse(error);
      return false;
    } finally {
      this.isSending = false;
    }
  }

  /** The runs of one wish. */
  async #accept(runs: RunInfo[]): Promise<void> {
    const run = runs[0];
    if (!run) return;
    this.editing = null;
    if (run.status === "queued") {
      if (!this.runs.some(({ id }) => id === run.id)) this.together.add(run);
      return;
    }
    this.backToNewest();
    if (this.conversation === null) {
      history.pushState(null, "", `/c/${run.conversation}`);
      preferences.keepBuilding(run.conversation, this.isBuilding);
      this.conversation = {
        id: run.conversation,
        title: run.prompt.slice(0, 120),
        created_at: run.created_at,
        updated_at: run.created_at,
        artifact: null,
        is_running: true,
        role: "owner",
        me: run.author?.key ?? "",
        owner: "",
        runs: [],
        races: [],
        base: null,
        edits: [],
      };
    }
    this.#add(runs);
    this.leaf = run.id;
    this.user ??= { name: "", is_guest: true, is_staff: false };
    if (this.together.conversation !== run.conversation) this.#watch(run.conversation);
    await this.refreshHistory();
  }

  #refuse(error: unknown): void {
    this.refusal = error instanceof ApiError ? error.problem : problem("other", String(error));
  }

  // ------------------------------------------------------------------------------- conversations

  /** A wish that was sent in the gallery is started; one that only an address names is filled in. */
  async #takeOver(): Promise<void> {
    const unsent = preferences.draft(null);
    const sent = takeWish();
    const wish = sent || this.boot.wish;
    if (!wish) return;
    history.replaceState(null, "", "/new");
    preferences.keepDraft(null, wish);
    if (sent && (await this.send(sent))) preferences.keepDraft(null, unsent);
    else if (unsent !== wish) this.displaced = unsent;
  }

  newWish(): void {
    history.pushState(null, "", "/new");
    this.#show(null);
  }

  async open(id: string): Promise<void> {
    history.pushState(null, "", `/c/${id}`);
    await this.#restore();
  }

  async refreshHistory(): Promise<void> {
    this.history = await api.listConversations().catch(() => this.history);
    this.shared = await api.listShared().catch(() => this.shared);
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

  /** Forget a conversation of somebody else. */
  async leave(id: string): Promise<void> {
    await api.leave(id).catch((error: unknown) => this.#refuse(error));
    if (this.conversation?.id === id) this.newWish();
    await this.refreshHistory();
  }

  /** The page was opened by a link to a shared conversation. A visitor becomes a guest with it. */
  async #join(token: string): Promise<void> {
    try {
      const conversation = await api.join(token);
      history.replaceState(null, "", `/c/${conversation.id}`);
      this.user ??= { name: "", is_guest: true, is_staff: false };
      this.#show(conversation);
      await this.refreshHistory();
    } catch (error) {
      history.replaceState(null, "", "/new");
      this.#refuse(error);
    }
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
    this.runs = conversation?.runs.filter(hasBegun) ?? [];
    this.races = conversation?.races ?? [];
    const last = this.runs.at(-1);
    this.leaf = last ? standIn(last, this.races) : null;
    this.#openedRace = undefined;
    this.editing = null;
    this.isBuilding = preferences.building(conversation?.id ?? null);
    this.refusal = null;
    this.file = null;
    this.step = null;
    this.spot = null;
    this.backToNewest();
    this.#listed = null;
    if (this.tab === "versions" || this.tab === "steps") this.tab = "preview";
    if (conversation) this.notices.see(conversation.id);
    this.place = "conversation";
    for (const run of this.runs.toReversed()) this.views.follow(run); // what is in sight comes first
    if (conversation) this.#watch(conversation.id);
    else this.#unwatch();
    this.together.queue = conversation?.runs.filter((run) => !hasBegun(run)) ?? [];
  }

  // ------------------------------------------------------------------------------------ together

  #watch(id: string): void {
    this.together.begin(id);
    this.#follower.watch(
      id,
      (news) => this.#takeNews(news),
      (refused) => {
        this.newWish();
        this.refusal = { ...refused.error, message: together.gone }; // a socket does not know the page's language
        void this.refreshHistory();
      },
    );
  }

  #unwatch(): void {
    this.together.begin(null);
    this.#follower.unwatch();
  }

  /** How the conversation stands: what somebody else, another tab or the queue has changed meanwhile. */
  #takeNews(news: ConversationNews): void {
    const { conversation } = this;
    if (conversation?.id !== news.conversation) return;
    const { title, role } = news;
    if (title !== conversation.title || role !== conversation.role) {
      if (this.together.isKnown) void this.refreshHistory();
      this.conversation = { ...conversation, title, role };
    }
    this.#add(news.runs.filter(hasBegun));
    if (this.together.take(news) || this.runs.length < news.begun) void this.#catchUp(conversation.id);
  }

  /** Read again what the news does not tell itself. */
  async #catchUp(id: string): Promise<void> {
    const fresh = await api.getConversation(id).catch(() => null);
    if (!fresh || this.conversation?.id !== id) return;
    this.conversation = fresh;
    this.races = fresh.races;
    this.#add(fresh.runs.filter(hasBegun));
    this.runs = this.runs.map((run) => fresh.runs.find((other) => other.id === run.id) ?? run);
  }

  /** Runs that may be known already. Who looks at what one of them goes on from, goes on with it. */
  #add(runs: RunInfo[]): void {
    const fresh = runs.filter((run) => !this.runs.some(({ id }) => id === run.id));
    const first = fresh[0];
    if (!first) return;
    const goesOn = first.parent === this.leaf || first.author?.key === this.conversation?.me;
    this.runs = [...this.runs, ...fresh].sort((one, other) => one.created_at.localeCompare(other.created_at));
    if (goesOn) {
      this.leaf = first.id;
      this.backToNewest();
      if (!first.race) this.#openedRace = null;
    }
    for (const run of fresh) this.views.follow(run);
  }

  // ------------------------------------------------------------------------------------ branches

  siblings(run: RunInfo): RunInfo[] {
    return siblingsOf(this.runs, run);
  }

  walkTo(run: RunInfo): void {
    this.leaf = newestLeaf(this.runs, run, this.races).id;
    this.backToNewest();
    this.#openedRace = undefined;
  }

  // --------------------------------------------------------------------------------------- races

  raceOf(run: RunInfo): RaceInfo | null {
    return this.races.find(({ id }) => id === run.race) ?? null;
  }

  lanesOf(race: RaceInfo): RunInfo[] {
    return this.runs.filter((run) => run.race === race.id).sort(byLane(race));
  }

  /** The lanes of the race that the run is in; else the run alone. */
  lanesBeside(run: RunInfo): RunInfo[] {
    const race = this.raceOf(run);
    return race ? this.lanesOf(race) : [run];
  }

  /** Put a race's lanes on the stage, or (null) away again. */
  openRace(race: RaceInfo | null): void {
    this.#openedRace = race?.id ?? null;
    if (race) this.place = "result";
  }

  async vote(race: RaceInfo, vote: Vote): Promise<void> {
    const isAccepted = await this.#attempt(async () => this.#take(await api.vote(race.id, vote)));
    if (!isAccepted) await this.#refreshRace(); // another tab may have voted
  }

  /** Make the lane's version, and go on from it. */
  async keep(race: RaceInfo, run: RunInfo): Promise<void> {
    const isAccepted = await this.#attempt(async () => this.#take(await api.keep(race.id, run.id)));
    if (!isAccepted) return;
    this.pages.forget(run); // what is saved may be more than was shown
    this.walkTo(run);
    this.#openedRace = null;
    await this.refreshHistory();
  }

  /** The race on the stage: the one that was opened, else the newest wish's as long as nothing of it is kept. */
  #findRace(): RaceInfo | null {
    if (this.#openedRace) return this.races.find(({ id }) => id === this.#openedRace) ?? null;
    const race = this.last ? this.raceOf(this.last) : null;
    return this.#openedRace === undefined && race?.kept === null ? race : null;
  }

  /** What another tab may have decided meanwhile. */
  async #refreshRace(): Promise<void> {
    if (document.hidden || this.race === null || this.race.kept) return;
    const detail = await api.getRace(this.race.id).catch(() => null);
    if (detail) this.#take(detail);
  }

  #take({ runs, ...race }: RaceDetail): void {
    const before = this.races.find(({ id }) => id === race.id);
    this.races = this.races.map((other) => (other.id === race.id ? race : other));
    this.runs = this.runs.map((run) => runs.find(({ id }) => id === run.id) ?? run);
    if (before?.is_veiled && !race.is_veiled) for (const run of runs) this.views.retell(run);
  }

  // --------------------------------------------------------------------------------------- stage

  /** Put a run's page on the stage, or one of its files. */
  show(run: RunInfo, tab: Tab, file: string | null = null): void {
    this.#openedRace = null;
    this.#openedVersion = null;
    this.#chosen = run.id;
    this.tab = tab;
    this.file = file;
    this.spot = null;
    this.place = "result";
  }

  /** Put the files of a build on the stage, as they were after a step. */
  showStep(run: RunInfo, step: number | null): void {
    this.show(run, "steps");
    this.step = step;
  }

  /** What this branch has made last. */
  backToNewest(): void {
    this.#chosen = null;
    this.#openedVersion = null;
  }

  /** A version that was edited by hand takes the place of the one before it. */
  noteEdit(version: EditedVersion): void {
    const { conversation } = this;
    if (!conversation || conversation.edits.some(({ number }) => number === version.number)) return;
    this.conversation = { ...conversation, edits: [...conversation.edits, version] };
    this.backToNewest();
  }

  /** Put what was edited in a version together with the version that came beside it. */
  async takeUp(version: VersionRef, number: number): Promise<void> {
    this.backToNewest();
    this.tab = "code";
    this.place = "result";
    await this.drafting.takeUp(version.artifact, number);
  }

  #findShown(): Shown {
    if (this.#openedVersion) return this.pages.ofVersion(this.#openedVersion);
    const chosen = this.path.find((run) => run.id === this.#chosen);
    const run = chosen ?? this.path.findLast((candidate) => this.pages.has(candidate));
    if (run) {
      const shown = this.pages.of(run);
      const edit = shown.isRunning || chosen ? null : this.pages.editOf(shown.version);
      if (edit) return this.pages.ofVersion(edit);
      const last = this.path.findLast((candidate) => this.pages.versionOf(candidate) !== null);
      const isReplaced = last?.id !== run.id || this.pages.editOf(shown.version) !== null;
      return { ...shown, isEarlier: shown.version !== null && !shown.isRunning && isReplaced };
    }
    const base = this.conversation?.base ?? null;
    return {
      ...this.pages.ofVersion(this.pages.editOf(base) ?? base),
      isRunning: this.last !== null && !this.isOver(this.last),
    };
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
    this.#openedRace = null;
    if (this.shown.version?.number !== version.number) this.#openedVersion = version;
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
      this.#openedVersion = restored;
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

  #note(before: RunView, after: RunView): void {
    const { id, build, condensed } = after;
    if (!build && !this.runs.some((run) => run.id === id && run.race)) this.#announce(before, after);
    if (build && build.turns !== before.build?.turns) this.#refreshBuild(id);
    if (condensed && condensed !== before.condensed) void this.#refresh(condensed);
    if (isOver(after)) void this.#finish(id);
  }

  #announce(before: RunView, after: RunView): void {
    if (before.seq === 0 || before.phase === after.phase) return; // a replay is no news
    if (after.phase === "writing") this.announcement = "started";
    if (isOver(after)) this.announcement = after.phase;
  }

  /** One that is over tells all by its run, but for the files that it has not saved. */
  #refreshBuild(id: string): void {
    const run = this.runs.find((other) => other.id === id);
    if (run && !(isFinal(run) && run.version)) void this.builds.refresh(id);
  }

  async #refresh(id: string): Promise<void> {
    const fresh = await api.getRun(id).catch(() => null);
    if (fresh) this.#replace(fresh);
  }

  #replace(fresh: RunInfo): void {
    this.runs = this.runs.map((run) => (run.id === fresh.id ? fresh : run));
  }

  async #finish(id: string): Promise<void> {
    const known = this.runs.find((run) => run.id === id);
    if (known && isFinal(known)) return;
    await this.#refresh(id);
    if (known?.kind === "build") void this.builds.refresh(id);
    if (known?.kind === "build") this.notices.look();
    await this.refreshHistory();
  }
}

function isFinal(run: RunInfo): boolean {
  return run.status === "finished" || run.status === "failed" || run.status === "cancelled";
}

/** A wish that waits is in the queue, and not in the tree yet. */
function hasBegun(run: RunInfo): boolean {
  return run.status !== "queued";
}

function byLane(race: RaceInfo): (one: RunInfo, other: RunInfo) => number {
  return (one, other) => race.lanes.indexOf(one.id) - race.lanes.indexOf(other.id);
}
