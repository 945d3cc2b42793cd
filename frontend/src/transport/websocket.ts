import type { Batch, Follow, Frame, Ping, Pong, Seen, Unfollow, Unwatch, Watch } from "../protocol.gen";
import type { Listener, Message, Open, Positions, Transport, Watched } from "./transport";

const TRIAL = 4_000; // milliseconds in which it has to open
const TOLD = 128 * 1024; // characters of a run after which the server is told that they have arrived
const ANSWER = 10_000; // … in which a ping has to be answered

/** `heartbeat`: milliseconds between pings. They keep proxies from closing it, and find out when it is dead. */
export function websocket(url: string, heartbeat: number): Open {
  return (positions, listener, watched) =>
    new WebsocketTransport(url, heartbeat, positions, listener, watched);
}

class WebsocketTransport implements Transport {
  #socket: WebSocket;
  /** Characters that have come since, by run. */
  #untold = new Map<string, number>();
  #heart: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(
    url: string,
    heartbeat: number,
    private readonly positions: Positions,
    private readonly listener: Listener,
    private readonly watched: () => Watched | null,
  ) {
    this.#socket = new WebSocket(url);
    this.#expect(TRIAL);
    this.#socket.onopen = () => {
      for (const run of positions.keys()) this.follow(run);
      if (watched()) this.watch();
      this.#ping();
      this.#heart = setInterval(() => this.#ping(), heartbeat);
    };
    this.#socket.onmessage = ({ data }: MessageEvent<string>) =>
      this.#receive(JSON.parse(data) as Message | Batch | Pong, data.length);
    this.#socket.onclose = () => {
      this.close();
      listener.lost(false);
    };
  }

  follow(run: string): void {
    this.#send({ type: "run.follow", run, after: this.positions.get(run)?.seq ?? 0, tells: true });
    this.#untold.delete(run);
  }

  unfollow(run: string): void {
    this.#send({ type: "run.unfollow", run });
  }

  watch(): void {
    const watched = this.watched();
    this.#send(watched ? { type: "conversation.watch", ...watched } : { type: "conversation.unwatch" });
  }

  close(): void {
    clearInterval(this.#heart);
    clearTimeout(this.#deadline);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #receive(message: Message | Batch | Pong, size: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    this.listener.heard();
    if ("frames" in message) for (const frame of message.frames) this.listener.received(frame);
    else if ("event" in message || message.type !== "pong") this.listener.received(message);
    const frame = "frames" in message ? message.frames.at(-1) : message;
    if (frame && "event" in frame) this.#tell(frame, size);
  }

  /** The server sends no more than arrives. */
  #tell({ run, seq }: Frame, size: number): void {
    const untold = (this.#untold.get(run) ?? 0) + size;
    this.#untold.set(run, untold < TOLD ? untold : 0);
    if (untold >= TOLD) this.#send({ type: "run.seen", run, seq });
  }

  #ping(): void {
    this.#send({ type: "ping" });
    if (this.#deadline === undefined) this.#expect(ANSWER);
  }

  #expect(within: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.close();
      this.listener.lost(true);
    }, within);
  }

  #send(message: Follow | Seen | Unfollow | Watch | Unwatch | Ping): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
