import type { Follow, Frame, Refused, Unfollow } from "../protocol.gen";

export type Connection = "idle" | "connecting" | "open" | "offline";

interface Followed {
  seq: number;
  onFrame: (frame: Frame) => void;
  onRefused: (refused: Refused) => void;
}

const FIRST_WAIT = 400; // milliseconds before the first try to connect again
const LONGEST_WAIT = 10_000;

/**
 * The one websocket of a page. It follows runs, and after a break goes on with each from the last frame that came.
 * Opened with the first run that is followed: before, a visitor may have no session.
 */
export class RunSocket {
  #followed = new Map<string, Followed>();
  #socket: WebSocket | null = null;
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly onConnection: (connection: Connection) => void,
  ) {}

  start(): void {
    globalThis.addEventListener?.("online", this.#connectNow);
  }

  stop(): void {
    globalThis.removeEventListener?.("online", this.#connectNow);
    clearTimeout(this.#timer);
    this.#followed.clear();
    this.#socket?.close();
  }

  follow(run: string, after: number, onFrame: Followed["onFrame"], onRefused: Followed["onRefused"]): void {
    this.#followed.set(run, { seq: after, onFrame, onRefused });
    if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ type: "run.follow", run, after });
    else if (!this.#socket) this.#connect();
  }

  unfollow(run: string): void {
    if (!this.#followed.delete(run)) return;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ type: "run.unfollow", run });
  }

  #connectNow = (): void => {
    if (this.#followed.size > 0 && !this.#socket) this.#connect();
  };

  #connect(): void {
    clearTimeout(this.#timer);
    this.onConnection("connecting");
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.onConnection("open");
      for (const [run, { seq }] of this.#followed) this.#send({ type: "run.follow", run, after: seq });
    };
    socket.onmessage = (message) => this.#receive(JSON.parse(message.data as string) as Frame | Refused);
    socket.onclose = () => this.#lost(socket);
  }

  #receive(message: Frame | Refused): void {
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

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    if (this.#followed.size === 0) {
      this.onConnection("idle");
      return;
    }
    this.onConnection("offline");
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #send(message: Follow | Unfollow): void {
    this.#socket?.send(JSON.stringify(message));
  }
}
