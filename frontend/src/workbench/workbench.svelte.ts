import { Builds } from "../build/builds.svelte";
import { BuildNotices } from "../build/notices.svelte";
import { t as together } from "../i18n/together";
import { api } from "../lib/api";
import { newestLeaf, pathTo, siblingsOf, standIn } from "../lib/branches";
import { takeWish } from "../lib/handover";
import { isOver, type RunView } from "../lib/run";
import type {
  Bootstrap,
  ConversationDetail,
  ConversationNews,
  EditedVersion,
  ModelInfo,
  RaceDetail,
  RaceInfo,
  RunInfo,
  VersionRef,
  VersionSummary,
} from "../protocol.gen";
import { byLane, Races } from "../race/races.svelte";
import { Drafting } from "../stage/drafting.svelte";
import { Together } from "../together/together.svelte";
import { type Connection, RunFollower } from "../transport/follower";
import { poll, stream } from "../transport/http";
import type { Kind } from "../transport/transport";
import { websocket } from "../transport/websocket";
import { Attached } from "./attached.svelte";
import { Attempts } from "./attempts.svelte";
import { Conversations } from "./conversations.svelte";
import { Pages } from "./pages";
import { preferences } from "./preferences.svelte";
import { Sight } from "./sight.svelte";
import { RunViews } from "./views.svelte";
import { Wishes } from "./wishes.svelte";

/** The state of the workbench. Components read it and call its verbs, and those of its parts: what talks to the server. */
export class Workbench {
  user = $state.raw<Bootstrap["user"]>(null);
  models = $state.raw<ModelInfo[]>([]);
  conversation = $state.raw<ConversationDetail | null>(null);
  runs = $state.raw<RunInfo[]>([]);
  leaf = $state<string | null>(null);
  connection = $state<Connection>("idle");
  /** How frames come, or came last. */
  transport = $state<Kind>("websocket");
  /** How often the connection came back: a page that was streaming has broken off with it. */
  reconnects = $state(0);
  wasLost = $state(false);
  /** What the runs' logs tell. */
  readonly views: RunViews;
  readonly attempts = new Attempts();
  readonly conversations: Conversations = new Conversations(this);
  readonly wishes: Wishes = new Wishes(this);
  readonly attached = new Attached();
  /** Who else is here, and what waits. */
  readonly together = new Together();
  readonly builds = new Builds();
  readonly races: Races = new Races(this);
  /** The pages that the stage can show. */
  readonly pages: Pages = new Pages(this);
  /** What the person looks at. */
  readonly sight: Sight = new Sight(this);
  readonly notices = new BuildNotices();
  /** The next wish is built over many steps. */
  isBuilding = $state(false);
  /** The run whose wish is being edited. */
  editing = $state.raw<RunInfo | null>(null);
  /** What is edited by hand. */
  readonly drafting = new Drafting();
  /** What was written and not sent before a wish was filled in. */
  displaced = $state("");
  announcement = $state("");
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
    this.path.findLast((run) => this.races.lanesBeside(run).some((lane) => !this.isOver(lane))) ?? null,
  );
  /** The build that is going on here. */
  runningBuild = $derived(this.running?.kind === "build" ? this.running : null);
  condensations = $derived(this.path.map((run) => run.condensation?.runs ?? 0).join());
  /** The artifact that the conversation is about, once there is one. */
  artifact = $derived(this.pages.artifactOf(this.sight.shown.version));
  /** The number of the newest version that came of these runs; 0 for none. */
  saved = $derived(Math.max(0, ...this.runs.map((run) => this.pages.versionOf(run)?.number ?? 0)));
  /** The number of the artifact's newest version that is known of. */
  newest = $derived(
    Math.max(
      this.sight.listed?.number ?? 0,
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
    else if (this.user) void this.conversations.refresh();
    if (!this.boot.conversation && !this.boot.join) void this.#takeOver();
    this.notices.start((conversation) => !document.hidden && this.conversation?.id === conversation);
    addEventListener("popstate", () => void this.#restore());
    document.addEventListener("visibilitychange", () => {
      void this.races.refresh();
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

  /** Remembered for the conversation. */
  turnBuilding(isOn: boolean): void {
    this.isBuilding = isOn;
    preferences.keepBuilding(this.conversation?.id ?? null, isOn);
  }

  edit(run: RunInfo): void {
    this.editing = run;
    this.isBuilding = run.kind === "build";
  }

  /** Something was attached to the wish: go on with its text. */
  attend(): void {
    this.sight.place = "conversation";
    this.attached.attentions += 1;
  }

  /** Ask for what is wrong with the page to be put right, as a wish like any other. */
  async sendFix(wish: string): Promise<boolean> {
    this.editing = null;
    const isAccepted = await this.wishes.send(wish);
    if (isAccepted) this.sight.place = "conversation";
    return isAccepted;
  }

  async acceptRace(race: RaceDetail): Promise<void> {
    this.races.all = [...this.races.all, race];
    await this.accept(race.runs.toSorted(byLane(race)), race);
  }

  /** The runs of one wish. */
  async accept(runs: RunInfo[], race: RaceInfo | null = null): Promise<void> {
    const run = runs[0];
    if (!run) return;
    if (race) this.sight.showRace(race);
    else this.sight.putRaceAway();
    this.sight.step = null;
    this.editing = null;
    if (run.status === "queued") {
      if (!this.runs.some(({ id }) => id === run.id)) this.together.add(run);
      return;
    }
    this.sight.backToNewest();
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
    await this.conversations.refresh();
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
    if (sent && (await this.wishes.send(sent))) preferences.keepDraft(null, unsent);
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

  /** The page was opened by a link to a shared conversation. A visitor becomes a guest with it. */
  async #join(token: string): Promise<void> {
    try {
      const conversation = await api.join(token);
      history.replaceState(null, "", `/c/${conversation.id}`);
      this.user ??= { name: "", is_guest: true, is_staff: false };
      this.#show(conversation);
      await this.conversations.refresh();
    } catch (error) {
      history.replaceState(null, "", "/new");
      this.attempts.refuse(error);
    }
  }

  /** Show the conversation that the address names. */
  async #restore(): Promise<void> {
    const id = /^\/c\/(\w+)/.exec(location.pathname)?.[1];
    try {
      this.#show(id ? await api.getConversation(id) : null);
    } catch (error) {
      this.#show(null);
      this.attempts.refuse(error);
    }
  }

  #show(conversation: ConversationDetail | null): void {
    this.conversation = conversation;
    this.runs = conversation?.runs.filter(hasBegun) ?? [];
    this.races.all = conversation?.races ?? [];
    const last = this.runs.at(-1);
    this.leaf = last ? standIn(last, this.races.all) : null;
    this.editing = null;
    this.isBuilding = preferences.building(conversation?.id ?? null);
    this.attempts.refusal = null;
    this.sight.reset();
    if (conversation) this.notices.see(conversation.id);
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
        this.attempts.refusal = { ...refused.error, message: together.gone }; // a socket does not know the page's language
        void this.conversations.refresh();
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
      if (this.together.isKnown) void this.conversations.refresh();
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
    this.races.all = fresh.races;
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
      this.sight.backToNewest();
      if (!first.race) this.sight.putRaceAway();
    }
    for (const run of fresh) this.views.follow(run);
  }

  // ------------------------------------------------------------------------------------ branches

  siblings(run: RunInfo): RunInfo[] {
    return siblingsOf(this.runs, run);
  }

  walkTo(run: RunInfo): void {
    this.leaf = newestLeaf(this.runs, run, this.races.all).id;
    this.sight.backToNewest();
    this.sight.letRaceShow();
  }

  // --------------------------------------------------------------------------------------- stage

  /** A version that was edited by hand takes the place of the one before it. */
  noteEdit(version: EditedVersion): void {
    const { conversation } = this;
    if (!conversation || conversation.edits.some(({ number }) => number === version.number)) return;
    this.conversation = { ...conversation, edits: [...conversation.edits, version] };
    this.sight.backToNewest();
  }

  /** Put what was edited in a version together with the version that came beside it. */
  async takeUp(version: VersionRef, number: number): Promise<void> {
    this.sight.backToNewest();
    this.sight.tab = "code";
    this.sight.place = "result";
    await this.drafting.takeUp(version.artifact, number);
  }

  // ------------------------------------------------------------------------------------ versions

  /** Make a version the newest once more, and show it. Null where it was refused; that stands in `refusal`. */
  async restore(version: VersionRef): Promise<VersionSummary | null> {
    if (this.isRestoring) return null;
    this.isRestoring = true;
    try {
      const restored = await api.restoreVersion(version.artifact, version.number);
      this.sight.showRestored(restored);
      await this.#renew();
      return restored;
    } catch (error) {
      this.attempts.refuse(error);
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
      void this.conversations.refresh();
      return true;
    } catch (error) {
      this.attempts.refuse(error);
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
    if (fresh) this.replace(fresh);
  }

  /** What the server knows of a run now. */
  replace(fresh: RunInfo): void {
    this.runs = this.runs.map((run) => (run.id === fresh.id ? fresh : run));
  }

  async #finish(id: string): Promise<void> {
    const known = this.runs.find((run) => run.id === id);
    if (known && isFinal(known)) return;
    await this.#refresh(id);
    if (known?.kind === "build") void this.builds.refresh(id);
    if (known?.kind === "build") this.notices.look();
    await this.conversations.refresh();
  }
}

function isFinal(run: RunInfo): boolean {
  return run.status === "finished" || run.status === "failed" || run.status === "cancelled";
}

/** A wish that waits is in the queue, and not in the tree yet. */
function hasBegun(run: RunInfo): boolean {
  return run.status !== "queued";
}
