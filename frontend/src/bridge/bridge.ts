import { Bucket } from "./bucket";
import { FocusGuard } from "./focus";
import type { Kept, StorageMessage } from "./kept";
import {
  BEAT,
  type GuestMessage,
  type HostMessage,
  type Introduction,
  LIMITS,
  type PointingMessage,
} from "./messages";
import { isHello, isOwnPage, parseMessage, parseMoved, shortenUrl } from "./parse";
import { Pointing, type PointingEvent } from "./pointing";
import { Pulse, TICK } from "./pulse";
import { Trail } from "./trail";
import type { Vault } from "./vault";

/** Why the frame is gone. */
export type Ending = "stopped" | "frozen" | "left" | "reloading" | "focus" | "flood" | "history";

/**
 * "plain": a document without the prelude, such as the host's own page for what it does not find. It is shown like any
 * other, but nothing is known of it. "silent": not responding. "cut": it said too much and is not listened to.
 */
export type State = "starting" | "running" | "plain" | "silent" | "cut" | Ending;

/** Ends at the page itself; the rest concerns the person who looks at it. */
export type Report = Exclude<
  GuestMessage,
  PointingMessage | { type: "beat" | "storage" | "cookie" | "databases" | "navigate" }
>;

export interface Options {
  url: string;
  title: string;
  /** What its storage is kept under. */
  key: string;
  language: Introduction["language"];
  onstate: (state: State) => void;
  onreport: (report: Report) => void;
  /** The first document of a new frame has come to its end. */
  onload?: () => void;
  /** How many characters the page has stored. */
  onstored: (size: number) => void;
  /** What comes of `pointing`. */
  onpoint?: (event: PointingEvent) => void;
}

const ENDINGS: readonly State[] = ["stopped", "frozen", "left", "reloading", "focus", "flood", "history"];
/**
 * A browser needs a moment to end the process of a frame that hangs, and would put the next frame of the same site into
 * it: ms that the next one waits, and until when.
 */
const COOLING = 2000;
let coolsUntil = 0;
const HANGING = 3 * BEAT; // ms of silence

const GRACE = 1500; // ms that a new document has to say hello
/** Five reloads, slowly forgiven. Links are a person's doing, unless there are very many. */
const newReloads = () => new Bucket(5, 1 / 15);
const newLinks = () => new Bucket(20, 1 / 2);

export function isEnding(state: State): state is Ending {
  return ENDINGS.includes(state);
}

/**
 * The page's side of one artifact frame. The artifact is untrusted: it is heard through one port after one hello, its
 * messages are checked and counted, and whatever it does, the frame can be taken away.
 */
export class Bridge {
  state: State = "starting";
  #parent: HTMLElement;
  #vault: Vault;
  #options: Options;
  #key: string;
  #kept: Kept | null = null;
  #frame: HTMLIFrameElement | null = null;
  #nonce = "";
  #port: MessagePort | null = null;
  #guard: FocusGuard | null = null;
  readonly pointing = new Pointing(
    (message) => this.tell(message),
    (event) => this.#options.onpoint?.(event),
  );
  #pulse = new Pulse();
  #trail = new Trail();
  #bucket = new Bucket(LIMITS.burst, LIMITS.rate);
  #reloads = newReloads();
  #links = newLinks();
  /** The page of the artifact that is shown. */
  #url: string;
  #loads = 0;
  #beats = 0;
  #turn = 0; // of the mount: what belongs to an earlier one has no say
  #listening = new AbortController();
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(parent: HTMLElement, vault: Vault, options: Options) {
    this.#parent = parent;
    this.#vault = vault;
    this.#options = options;
    this.#key = options.key;
    this.#url = options.url;
  }

  start(): void {
    const { signal } = this.#listening;
    addEventListener("message", (event) => this.#receive(event), { signal });
    addEventListener("pagehide", () => this.#keepSession(), { signal });
    this.#ticking = setInterval(() => this.#tick(), TICK);
    void this.#mount();
  }

  /** For good. */
  stop(): void {
    this.#listening.abort();
    clearInterval(this.#ticking);
    this.#keepSession();
    this.#unmount();
  }

  /** Take the frame away and say why. */
  end(why: Ending): void {
    this.#keepSession();
    this.#unmount();
    this.#setState(why);
  }

  /** A new frame in place of the old one, by a person's wish. */
  again(): void {
    this.#reloads = newReloads();
    this.#links = newLinks();
    this.#url = this.#options.url;
    void this.#mount();
  }

  tell(message: HostMessage): void {
    this.#port?.postMessage(message);
  }

  /** The page of the artifact that is shown, by its path among the files; empty for the first one. */
  get page(): string {
    const path = shortenUrl(this.#url, this.#options.url).split(/[?#]/)[0] ?? "";
    return path === "/" ? "" : path.slice(0, 400);
  }

  /** The artifact has come to be, or is another: its storage goes along. */
  async rename(key: string): Promise<void> {
    if (key === this.#key) return;
    const from = this.#key;
    this.#key = key;
    await this.#vault.carry(from, key);
  }

  async clearData(): Promise<void> {
    this.#unmount(); // it would write again what it holds
    this.#kept?.clear();
    await this.#vault.clear(this.#key);
    this.again();
  }

  // --------------------------------------------------------------------------------------- the frame

  async #mount(): Promise<void> {
    this.#unmount();
    const turn = this.#turn;
    this.#setState("starting");
    this.#kept ??= await this.#vault.load(this.#key);
    await waitUntil(coolsUntil);
    if (turn !== this.#turn || this.#listening.signal.aborted) return;
    this.#options.onstored(this.#kept.size);
    this.#nonce = makeNonce();
    const frame = makeFrame(this.#url, this.#options.title, this.#introduce(this.#kept));
    frame.addEventListener("load", () => this.#noteLoad(turn));
    this.#frame = frame;
    this.#trail = new Trail();
    this.#guard = new FocusGuard(frame, () => this.end("focus"));
    this.#parent.append(frame);
  }

  #unmount(): void {
    this.#turn += 1;
    if (this.#pulse.silence >= HANGING) coolsUntil = performance.now() + COOLING;
    this.#port?.close();
    this.#port = null;
    this.pointing.stop();
    this.#guard?.stop();
    this.#frame?.remove();
    this.#frame = null;
    this.#pulse = new Pulse();
    this.#bucket = new Bucket(LIMITS.burst, LIMITS.rate);
    this.#loads = this.#beats = 0;
  }

  #introduce({ local, session, cookie, databases }: Kept): Introduction {
    return {
      nonce: this.#nonce,
      app: location.origin,
      language: this.#options.language,
      local: local.toRecord(),
      session: session.toRecord(),
      cookie,
      databases,
    };
  }

  /**
   * A document has loaded. Without a hello it has no prelude. After a hello, a further load is another document, unless
   * the page has rewritten itself (`document.open`): then its heart still beats.
   */
  #noteLoad(turn: number): void {
    if (turn !== this.#turn) return;
    this.#loads += 1;
    if (this.#loads === 1) this.#options.onload?.();
    const isFurther = this.#port !== null && this.#loads > 1;
    const { state } = this;
    if (isFurther) this.#leaveUnlessHeard(turn);
    else if (state === "starting")
      this.#later(turn, () => this.state === "starting" && this.#setState("plain"));
  }

  #leaveUnlessHeard(turn: number): void {
    const beats = this.#beats;
    this.#later(turn, () => {
      if (beats === this.#beats && !document.hidden) this.end("left");
    });
  }

  #later(turn: number, act: () => void): void {
    setTimeout(() => {
      if (turn === this.#turn) act();
    }, GRACE);
  }

  #tick(): void {
    if (this.#frame && this.#trail.look() === "spam") {
      this.end("history");
      this.#trail.cover();
      return;
    }
    if (this.state !== "running" && this.state !== "silent") return;
    const health = this.#pulse.tick(performance.now(), document.hidden);
    if (health === "dead") this.end("frozen");
    else this.#setState(health === "silent" ? "silent" : "running");
  }

  #setState(state: State): void {
    if (this.state === state) return;
    this.state = state;
    this.#options.onstate(state);
  }

  // ------------------------------------------------------------------------------------ what it says

  /** A message to this window: a hello is expected of the frame, once, or that it has moved. Each costs a token. */
  #receive({ source, origin, data, ports }: MessageEvent): void {
    if (!this.#frame || source !== this.#frame.contentWindow) return;
    const [port] = ports;
    if (!this.#bucket.take(performance.now())) {
      this.end("flood");
      return;
    }
    if (origin !== "null") return;
    const moved = parseMoved(data);
    if (moved !== null) this.#reopen(moved, this.#reloads);
    if (ports.length !== 1 || !port || !isHello(data, this.#nonce)) return;
    if (this.#port) this.#reopen(this.#url, this.#reloads);
    else this.#listen(port);
  }

  #listen(port: MessagePort): void {
    const turn = this.#turn;
    this.#port = port;
    port.onmessage = ({ data }) => turn === this.#turn && this.#hear(data);
    // Where the browser tells: the document is gone. A reload says hello once more before the time is over.
    port.addEventListener("close", () => turn === this.#turn && this.#leaveUnlessHeard(turn));
    this.#setState("running");
  }

  /** The page reloads itself, or goes to another of its own pages: each document gets a frame of its own. */
  #reopen(url: string, budget: Bucket): void {
    if (!isOwnPage(url, this.#options.url)) {
      this.end("left");
    } else if (budget.take(performance.now())) {
      this.#url = url;
      void this.#mount();
    } else {
      this.end("reloading");
    }
  }

  #hear(data: unknown): void {
    if (!this.#bucket.take(performance.now())) {
      this.#cut();
      return;
    }
    const message = parseMessage(data);
    if (message) this.#obey(message);
  }

  #obey(message: GuestMessage): void {
    switch (message.type) {
      case "beat":
        this.#beats += 1;
        this.#pulse.beat();
        return;
      case "storage":
        this.#store(message);
        return;
      case "navigate":
        this.#reopen(message.url, this.#links);
        return;
      case "cookie":
        this.#storeWhole("cookie", message.value);
        return;
      case "databases":
        this.#storeWhole("databases", message.dump);
        return;
      case "failed":
      case "note":
        this.#options.onreport({ ...message, url: shortenUrl(message.url, this.#options.url) });
        return;
      case "pointing":
      case "pointed":
      case "picked":
      case "probed":
      case "picture":
        this.pointing.hear(message);
        return;
      default:
        this.#options.onreport(message);
    }
  }

  #cut(): void {
    this.#port?.close();
    this.pointing.stop();
    this.#setState("cut");
  }

  // ---------------------------------------------------------------------------------- what it stores

  #store(message: StorageMessage): void {
    const kept = this.#kept;
    if (!kept) return;
    const gone = message.clear ? Object.keys(kept[message.area].toRecord()) : [];
    if (!kept.apply(message)) return;
    this.#options.onstored(kept.size);
    if (message.area === "session") return;
    for (const name of new Set([...gone, ...message.changes.map(([name]) => name)])) {
      this.#vault.write(this.#key, "local", name, kept.local.get(name));
    }
  }

  #storeWhole(area: "cookie" | "databases", value: string): void {
    if (!this.#kept) return;
    this.#kept[area] = value;
    this.#options.onstored(this.#kept.size);
    this.#vault.write(this.#key, area, "", value || null);
  }

  #keepSession(): void {
    if (this.#kept) this.#vault.keepSession(this.#key, this.#kept.session);
  }
}

function makeFrame(url: string, title: string, introduction: Introduction): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.name = JSON.stringify(introduction);
  frame.title = title;
  frame.setAttribute("sandbox", "allow-scripts allow-forms allow-pointer-lock");
  frame.allow = "autoplay; gamepad; accelerometer; gyroscope";
  frame.referrerPolicy = "no-referrer";
  frame.src = url;
  return frame;
}

async function waitUntil(time: number): Promise<void> {
  const wait = time - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}

/** `crypto.randomUUID` is missing where the app is served without TLS. */
function makeNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}
