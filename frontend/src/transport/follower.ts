import type { ConversationNews, Frame, Refused } from "../protocol.gen";
import { betterThan, Choice } from "./choice";
import type { Kind, Message, Open, Transport, Watched } from "./transport";

export type Connection = "idle" | "connecting" | "open" | "offline";

interface Followed {
  seq: number;
  onFrame: (frame: Frame) => void;
  onRefused: (refused: Refused) => void;
}

interface WatchedConversation {
  conversation: string;
  stamp: string;
  onNews: (news: ConversationNews) => void;
  onRefused: (refused: Refused) => void;
}

interface Way {
  kind: Kind;
  works: boolean;
  transport: Transport;
}

const FIRST_WAIT = 400; // milliseconds before the next try
const LONGEST_WAIT = 10_000;
const FIRST_PROBE = 5_000; // milliseconds until a better way is tried
const LONGEST_PROBE = 300_000;

/**
 * Follows runs, and watches a conversation, over the best way that the network lets through, and after a break goes on
 * with each run from the last frame that came. While it makes do with less, it tries better ways beside it: frames that come twice count once.
 * Connects with the first run that is followed: before, a visitor may have no session.
 */
export class RunFollower {
  #followed = new Map<string, Followed>();
  #watched: WatchedConversation | null = null;
  #choice: Choice;
  #way: Way | null = null;
  #probe: Way | null = null;
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #probeWait = FIRST_PROBE;
  #probeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ways: Record<Kind, Open>,
    memory: Pick<Storage, "getItem" | "setItem">,
    private readonly onConnection: (connection: Connection, kind: Kind) => void,
  ) {
    this.#choice = new Choice(memory);
  }

  start(): void {
    globalThis.addEventListener?.("online", this.wake);
    globalThis.document?.addEventListener("visibilitychange", this.#wakeWhenSeen);
  }

  stop(): void {
    globalThis.removeEventListener?.("online", this.wake);
    globalThis.document?.removeEventListener("visibilitychange", this.#wakeWhenSeen);
    clearTimeout(this.#timer);
    this.#dropProbe();
    this.#followed.clear();
    this.#watched = null;
    this.#way?.transport.close();
    this.#way = null;
  }

  follow(run: string, after: number, onFrame: Followed["onFrame"], onRefused: Followed["onRefused"]): void {
    this.#followed.set(run, { seq: after, onFrame, onRefused });
    this.#probe?.transport.follow(run);
    if (this.#way) this.#way.transport.follow(run);
    else this.#connect();
  }

  unfollow(run: string): void {
    if (!this.#followed.delete(run)) return;
    this.#way?.transport.unfollow(run);
    this.#probe?.transport.unfollow(run);
  }

  /** Be told how this conversation stands, now and whenever that changes. In place of the one before. */
  watch(
    conversation: string,
    onNews: WatchedConversation["onNews"],
    onRefused: WatchedConversation["onRefused"],
  ): void {
    this.#watched = { conversation, stamp: "", onNews, onRefused };
    this.#probe?.transport.watch();
    if (this.#way) this.#way.transport.watch();
    else this.#connect();
  }

  unwatch(): void {
    if (!this.#watched) return;
    this.#watched = null;
    this.#way?.transport.watch();
    this.#probe?.transport.watch();
  }

  get #isIdle(): boolean {
    return this.#followed.size === 0 && this.#watched === null;
  }

  /** The network may be another one now. */
  wake = (): void => {
    if (this.#isIdle) return;
    if (!this.#way) this.#connect();
    else if (this.#way.works && !this.#probe) this.#tryBetter();
  };

  #wakeWhenSeen = (): void => {
    if (document.visibilityState === "visible") this.wake();
    else this.#rest();
  };

  /** A hidden tab that merely watches holds no HTTP connection: the browser has six for all tabs of a host. */
  #rest(): void {
    if (!this.#way || this.#way.kind === "websocket" || this.#followed.size > 0) return;
    this.#dropProbe();
    this.#way.transport.close();
    this.#way = null;
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#dropProbe();
    this.onConnection("connecting", this.#choice.kind);
    this.#way = this.#open(this.#choice.kind);
  }

  #open(kind: Kind): Way {
    const way = { kind, works: false } as Way;
    const listener = {
      heard: () => this.#heard(way),
      received: (message: Message) => this.#receive(message),
      lost: (silent: boolean) => (way === this.#probe ? this.#probeLost(way) : this.#lost(way, silent)),
    };
    way.transport = this.ways[kind](this.#followed, listener, () => this.#position());
    return way;
  }

  #heard(way: Way): void {
    if (way.works) return;
    way.works = true;
    if (way === this.#probe) {
      clearTimeout(this.#timer);
      this.#way?.transport.close();
      this.#way = way;
      this.#probe = null;
    }
    this.#choice.works(way.kind);
    this.onConnection("open", way.kind);
    this.#probeWait = FIRST_PROBE;
    this.#probeLater();
  }

  #position(): Watched | null {
    return this.#watched && { conversation: this.#watched.conversation, stamp: this.#watched.stamp };
  }

  #receive(message: Message): void {
    this.#wait = FIRST_WAIT;
    if ("stamp" in message || ("conversation" in message && message.conversation !== null)) {
      this.#hear(message);
      return;
    }
    const followed = message.run ? this.#followed.get(message.run) : undefined;
    if (!followed) return;
    if (!("event" in message)) {
      this.#followed.delete(message.run as string);
      followed.onRefused(message);
      return;
    }
    if (message.seq <= followed.seq) return;
    followed.seq = message.seq;
    if (message.event.type === "run.finished" || message.event.type === "run.failed") {
      this.#followed.delete(message.run);
    }
    followed.onFrame(message);
  }

  #hear(message: ConversationNews | Refused): void {
    const watched = this.#watched;
    if (!watched || watched.conversation !== message.conversation) return;
    if (message.type === "refused") {
      this.#watched = null;
      watched.onRefused(message);
    } else if (watched.stamp !== message.stamp) {
      watched.stamp = message.stamp;
      watched.onNews(message);
    }
  }

  #lost(way: Way, silent: boolean): void {
    if (this.#way !== way) return;
    this.#way = null;
    if (this.#isIdle) {
      this.#dropProbe();
      this.onConnection("idle", way.kind);
      return;
    }
    const isOffline = way.works || this.#choice.failed(silent);
    if (isOffline) this.onConnection("offline", way.kind);
    const wait = isOffline ? this.#wait : FIRST_WAIT;
    if (isOffline) this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    this.#timer = setTimeout(() => this.#connect(), wait * (0.75 + Math.random() / 2));
  }

  // -------------------------------------------------------------------------------- better ways

  #probeLater(): void {
    clearTimeout(this.#probeTimer);
    if (this.#way?.kind === "websocket") return;
    this.#probeTimer = setTimeout(() => this.#tryBetter(), this.#probeWait);
    this.#probeWait = Math.min(this.#probeWait * 3, LONGEST_PROBE);
  }

  #tryBetter(): void {
    const kinds = this.#way?.works && !this.#isIdle ? betterThan(this.#way.kind) : [];
    this.#tryOne(kinds[0]);
  }

  #tryOne(kind: Kind | undefined): void {
    clearTimeout(this.#probeTimer);
    if (kind) this.#probe = this.#open(kind);
    else this.#probeLater();
  }

  #probeLost(probe: Way): void {
    this.#probe = null;
    const kinds = this.#way ? betterThan(this.#way.kind) : [];
    this.#tryOne(kinds[kinds.indexOf(probe.kind) + 1]);
  }

  #dropProbe(): void {
    clearTimeout(this.#probeTimer);
    this.#probe?.transport.close();
    this.#probe = null;
  }
}
