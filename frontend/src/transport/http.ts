import type { Batch } from "../protocol.gen";
import type { Listener, Message, Open, Positions, Transport, Watched } from "./transport";

const TRIAL = 4_000; // milliseconds in which the first comment of a stream has to come, else something holds it back
const SILENCE = 25_000; // … between two comments; the server sends one every five seconds
const GRACE = 10_000; // … that an answer may be late
const PAUSE = 200; // … between two polls
const MOST = 64; // runs in one request; the rest follows when these are over

/** What is wanted of the server. */
interface Wanted {
  positions: Positions;
  watched: () => Watched | null;
}

/** Ask the server until all followed runs are over and nothing is watched. `within` sets how soon the server has to be heard again. */
type Ask = (
  wanted: Wanted,
  listener: Listener,
  signal: AbortSignal,
  within: (milliseconds: number) => void,
) => Promise<void>;

/** Frames over plain HTTP: one request for all runs at a time, made anew when other runs are followed. */
class HttpTransport implements Transport {
  #request = new AbortController();
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: Ask,
    private readonly wanted: Wanted,
    private readonly listener: Listener,
  ) {
    void this.#restart();
  }

  follow(): void {
    void this.#restart();
  }

  unfollow(): void {
    void this.#restart();
  }

  watch(): void {
    void this.#restart();
  }

  close(): void {
    clearTimeout(this.#deadline);
    this.#request.abort();
  }

  async #restart(): Promise<void> {
    this.close();
    const request = new AbortController();
    this.#request = request;
    await Promise.resolve(); // several runs may be followed at once
    if (request.signal.aborted || isIdle(this.wanted)) return;
    const within = (milliseconds: number) => this.#expect(milliseconds);
    await this.ask(this.wanted, this.listener, request.signal, within).catch(() => {});
    if (request.signal.aborted) return;
    clearTimeout(this.#deadline);
    if (!isIdle(this.wanted)) this.listener.lost(false);
  }

  #expect(within: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.close();
      this.listener.lost(true);
    }, within);
  }
}

/** Server-sent events. Not by EventSource, which hides the comments. */
export const stream: Open = (positions, listener, watched) =>
  new HttpTransport(readStream, { positions, watched }, listener);

/** `heartbeat`: milliseconds that a request waits at most. */
export function poll(heartbeat: number): Open {
  const ask: Ask = (...how) => pollOn(heartbeat, ...how);
  return (positions, listener, watched) => new HttpTransport(ask, { positions, watched }, listener);
}

function isIdle({ positions, watched }: Wanted): boolean {
  return positions.size === 0 && watched() === null;
}

const readStream: Ask = async (wanted, listener, signal, within) => {
  const isAll = wanted.positions.size <= MOST;
  within(TRIAL);
  const response = await request(wanted, "text/event-stream", signal);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (signal.aborted || (done && isAll)) return;
    if (done) return readStream(wanted, listener, signal, within);
    within(SILENCE);
    listener.heard();
    const events = (rest + value).split("\n\n");
    rest = events.pop() ?? "";
    for (const message of events.flatMap(messagesOf)) {
      if (!signal.aborted) listener.received(message);
    }
  }
};

function messagesOf(event: string): Message[] {
  const data = event.split("\n").filter((line) => line.startsWith("data: "));
  return data.map((line) => JSON.parse(line.slice(6)) as Message);
}

async function pollOn(heartbeat: number, ...[wanted, listener, signal, within]: Parameters<Ask>) {
  let wait = 0; // whether this way is open should be known soon
  while (!isIdle(wanted)) {
    within(wait + GRACE);
    const response = await request(wanted, "application/json", signal, wait / 1000);
    const { frames, news, refused } = (await response.json()) as Batch;
    if (signal.aborted) return;
    listener.heard();
    for (const message of [...refused, ...news, ...frames]) {
      if (!signal.aborted) listener.received(message);
    }
    wait = heartbeat;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (signal.aborted) return;
  }
}

async function request(
  { positions, watched }: Wanted,
  type: string,
  signal: AbortSignal,
  wait?: number,
): Promise<Response> {
  const followed = [...positions].slice(0, MOST);
  const query = new URLSearchParams(followed.map(([run, { seq }]) => ["follow", `${run}:${seq}`]));
  const { conversation, stamp } = watched() ?? {};
  if (conversation) query.set("watch", `${conversation}:${stamp}`);
  if (wait !== undefined) query.set("wait", String(wait));
  const response = await fetch(`/api/events?${query}`, {
    headers: { Accept: type },
    cache: "no-store",
    signal,
  });
  if (!response.ok) throw new Error(response.statusText);
  return response;
}
