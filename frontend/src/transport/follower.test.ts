import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConversationNews, Frame, Refused } from "../protocol.gen";
import { type Connection, RunFollower } from "./follower";
import type { Kind, Listener, Open, Positions, Watched } from "./transport";

/** A transport whose server the test plays. */
class Tried {
  isClosed = false;
  /** What the server was told when this one was opened, and then. */
  followed: [string, number][];

  constructor(
    readonly kind: Kind,
    readonly positions: Positions,
    readonly listener: Listener,
    readonly watched: () => Watched | null,
  ) {
    this.followed = [...positions].map(([run, { seq }]) => [run, seq]);
  }

  follow(run: string) {
    this.followed.push([run, this.positions.get(run)?.seq ?? -1]);
  }

  unfollow() {}
  /** What it was told to watch, each time. */
  told: (Watched | null)[] = [];
  watch() {
    this.told.push(this.watched());
  }

  close() {
    this.isClosed = true;
  }

  say(...seqs: number[]) {
    this.listener.heard();
    for (const seq of seqs) this.listener.received(frame(seq));
  }
}

const frame = (seq: number, type = "text.delta") =>
  ({ run: "r", seq, at: 0, event: { type, text: "" } }) as Frame;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function follow(remembered?: Kind) {
  const tried: Tried[] = [];
  const kept = new Map<string, string>(remembered ? [["pg-transport", remembered]] : []);
  const memory = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const way =
    (kind: Kind): Open =>
    (positions, listener, watched) => {
      tried.push(new Tried(kind, positions, listener, watched));
      return tried.at(-1) as Tried;
    };
  const seen: number[] = [];
  const states: [Connection, Kind][] = [];
  const refused = vi.fn();
  const ways = { websocket: way("websocket"), stream: way("stream"), poll: way("poll") };
  const follower = new RunFollower(ways, memory, (...state) => states.push(state));
  follower.follow("r", 0, ({ seq }) => seen.push(seq), refused);
  const last = () => tried.at(-1) as Tried;
  const fail = (silent: boolean) => {
    last().listener.lost(silent);
    vi.advanceTimersByTime(500);
  };
  return {
    seen,
    states,
    refused,
    follower,
    tried,
    kept,
    last,
    fail,
    kinds: () => tried.map(({ kind }) => kind),
  };
}

it("goes on after a break from the last frame that came", () => {
  const { seen, states, last, tried } = follow();
  last().say(1, 2);
  last().listener.lost(false);
  vi.advanceTimersByTime(1000);
  expect(tried).toHaveLength(2);
  expect(last().followed).toEqual([["r", 2]]);
  last().say(2, 3);
  expect(seen).toEqual([1, 2, 3]);
  expect(states.map(([state]) => state)).toEqual(["connecting", "open", "offline", "connecting", "open"]);
});

it("tries a refused websocket twice, then a stream, and a held back stream once, then polls", () => {
  const { kinds, fail, last, kept, states } = follow();
  fail(false);
  fail(false);
  fail(true);
  expect(kinds()).toEqual(["websocket", "websocket", "stream", "poll"]);
  expect(kept.size).toBe(0);
  last().say(1);
  expect(kept.get("pg-transport")).toBe("poll");
  expect(states.at(-1)).toEqual(["open", "poll"]);
  expect(states.some(([state]) => state === "offline")).toBe(false);
});

it("does not try a websocket that hangs a second time", () => {
  const { kinds, fail } = follow();
  fail(true);
  expect(kinds()).toEqual(["websocket", "stream"]);
});

it("begins with what worked before in this tab", () => {
  const { kinds, fail } = follow("stream");
  fail(true);
  fail(false);
  expect(kinds()).toEqual(["stream", "poll", "websocket"]);
});

it("blames no way while the server is away, waits longer after each round, and does not give up", () => {
  const { tried, states, kept, last } = follow();
  last().say();
  expect(kept.get("pg-transport")).toBe("websocket");
  for (let tries = 0; tries < 17; tries++) {
    last().listener.lost(false);
    vi.advanceTimersByTime(15_000);
  }
  expect(tried).toHaveLength(18);
  expect(last().kind).toBe("websocket");
  expect(kept.get("pg-transport")).toBe("websocket");
  expect(states.filter(([state]) => state === "offline")).toHaveLength(5);
});

it("tries better ways beside a lesser one, and moves over without losing or doubling a frame", () => {
  const { tried, seen, fail, last, kinds, states } = follow();
  for (const silent of [true, true]) fail(silent);
  const poll = last();
  poll.say(1);
  vi.advanceTimersByTime(5000);
  expect(last().kind).toBe("websocket");
  expect(last().followed).toEqual([["r", 1]]);
  poll.say(2);
  last().listener.lost(true);
  expect(last().kind).toBe("stream");
  expect(last().followed).toEqual([["r", 2]]);
  poll.say(3);
  expect(poll.isClosed).toBe(false);
  last().say(3, 4);
  expect(poll.isClosed).toBe(true);
  expect(seen).toEqual([1, 2, 3, 4]);
  vi.advanceTimersByTime(5000);
  expect(kinds()).toEqual(["websocket", "stream", "poll", "websocket", "stream", "websocket"]);
  last().say(4, 5);
  expect(tried[4]?.isClosed).toBe(true);
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(states.map(([state, kind]) => `${state} ${kind}`).slice(-3)).toEqual([
    "open poll",
    "open stream",
    "open websocket",
  ]);
  vi.advanceTimersByTime(1_000_000);
  expect(kinds()).toHaveLength(6);
});

it("probes less and less often, at least every five minutes, and at once when the network changes", () => {
  const { follower, tried, last } = follow("stream");
  const [stream] = tried as [Tried];
  stream.say(1);
  const times: number[] = [];
  for (let second = 0; second < 2000; second++) {
    vi.advanceTimersByTime(1000);
    if (last() === stream || last().isClosed) continue;
    times.push(second + 1);
    last().isClosed = true;
    last().listener.lost(false);
  }
  expect(times.slice(0, 6)).toEqual([5, 20, 65, 200, 500, 800]);
  follower.wake();
  expect(last().isClosed).toBe(false);
  expect(last().kind).toBe("websocket");
  follower.wake(); // one at a time
  expect(tried.filter(({ isClosed }) => !isClosed)).toHaveLength(2);
});

it("keeps a probe that works when the way itself has broken off meanwhile", () => {
  const { follower, tried, last, seen } = follow("stream");
  const [stream] = tried as [Tried];
  stream.say(1);
  follower.wake();
  stream.listener.lost(false);
  last().say(2);
  vi.advanceTimersByTime(100_000);
  expect(tried).toHaveLength(2);
  expect(seen).toEqual([1, 2]);
});

it("connects at once when the network is back", () => {
  const { follower, last, tried } = follow();
  last().say(1);
  last().listener.lost(false);
  follower.wake();
  expect(tried).toHaveLength(2);
  vi.advanceTimersByTime(100_000);
  expect(tried).toHaveLength(2);
});

it("does not connect again once the run is over", () => {
  const { last, tried, states } = follow();
  last().say();
  last().listener.received(frame(1, "run.finished"));
  last().listener.lost(false);
  vi.advanceTimersByTime(60_000);
  expect(tried).toHaveLength(1);
  expect(states.at(-1)?.[0]).toBe("idle");
});

it("passes a refusal on and follows no longer", () => {
  const { last, refused, seen } = follow();
  const error = { code: "run_not_found", message: "", retryable: false, retry_after: null };
  last().listener.received({ type: "refused", run: "r", error } as Refused);
  last().say(1);
  expect(refused).toHaveBeenCalledOnce();
  expect(seen).toEqual([]);
});

it("closes everything when it stops", () => {
  const { follower, tried, last } = follow("stream");
  last().say(1);
  follower.wake();
  follower.stop();
  expect(tried.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  vi.advanceTimersByTime(1_000_000);
  expect(tried).toHaveLength(2);
});

const news = (stamp: string) => ({ type: "conversation.news", conversation: "c", stamp }) as ConversationNews;

it("watches a conversation when no run goes, and after a break from the last news that came", () => {
  const { follower, last, tried, states } = follow();
  const heard = vi.fn();
  last().say();
  follower.watch("c", heard, vi.fn());
  expect(last().told).toEqual([{ conversation: "c", stamp: "" }]);
  last().listener.received(frame(1, "run.finished"));
  last().listener.received(news("one"));
  last().listener.received(news("one"));
  last().listener.received({ ...news("two"), conversation: "other" });
  expect(heard).toHaveBeenCalledOnce();
  last().listener.lost(false);
  vi.advanceTimersByTime(1000);
  expect(tried).toHaveLength(2);
  expect(last().watched()).toEqual({ conversation: "c", stamp: "one" });
  expect(states.at(-1)?.[0]).toBe("connecting");
  follower.unwatch();
  expect(last().told).toEqual([null]);
  last().listener.lost(false);
  vi.advanceTimersByTime(60_000);
  expect(tried).toHaveLength(2);
});

it("passes on that a conversation may not be watched any more, and lets it be", () => {
  const { follower, last, refused } = follow();
  const heard = vi.fn();
  const shutOut = vi.fn();
  last().say();
  follower.watch("c", heard, shutOut);
  const error = { code: "conversation_not_found", message: "", retryable: false, retry_after: null };
  last().listener.received({ type: "refused", run: null, conversation: "c", error } as Refused);
  last().listener.received(news("one"));
  expect(shutOut).toHaveBeenCalledOnce();
  expect(heard).not.toHaveBeenCalled();
  expect(refused).not.toHaveBeenCalled();
  expect(last().watched()).toBeNull();
});

it("lets go of an HTTP connection that only watches while the tab is hidden", () => {
  const tab = Object.assign(new EventTarget(), { visibilityState: "hidden" });
  vi.stubGlobal("document", tab);
  const { follower, last, tried } = follow("stream");
  follower.start();
  last().say();
  follower.watch("c", vi.fn(), vi.fn());
  tab.dispatchEvent(new Event("visibilitychange"));
  expect(last().isClosed).toBe(false); // a run is followed
  last().listener.received(frame(1, "run.finished"));
  tab.dispatchEvent(new Event("visibilitychange"));
  expect(tried.map(({ isClosed }) => isClosed)).toEqual([true]);
  tab.visibilityState = "visible";
  tab.dispatchEvent(new Event("visibilitychange"));
  expect(last().isClosed).toBe(false);
  expect(tried).toHaveLength(2);
  follower.stop();
  vi.unstubAllGlobals();
});
