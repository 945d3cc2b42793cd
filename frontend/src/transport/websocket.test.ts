import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { websocket } from "./websocket";

/** The server's end of a socket that the test plays. */
class Wire {
  static readonly OPEN = 1;
  static last: Wire;
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor() {
    Wire.last = this;
  }

  send(text: string) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.drop();
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  drop() {
    this.readyState = 3;
    this.onclose?.();
  }

  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Wire);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function connect() {
  const positions = new Map([["r", { seq: 4 }]]);
  const listener = { heard: vi.fn(), received: vi.fn(), lost: vi.fn() };
  const transport = websocket("ws://test", 20_000)(positions, listener, () => null);
  return { positions, listener, transport, wire: Wire.last };
}

it("follows what there is when it opens, and what is added", () => {
  const { positions, transport, wire } = connect();
  transport.follow("r"); // not open yet
  wire.open();
  positions.set("s", { seq: 0 });
  transport.follow("s");
  transport.unfollow("r");
  expect(wire.sent).toEqual([
    { type: "run.follow", run: "r", after: 4, tells: true },
    { type: "ping" },
    { type: "run.follow", run: "s", after: 0, tells: true },
    { type: "run.unfollow", run: "r" },
  ]);
});

it("is lost as silent when it does not open, or opens and says nothing", () => {
  const { listener } = connect();
  vi.advanceTimersByTime(3999);
  expect(listener.lost).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(listener.lost.mock.calls).toEqual([[true]]);
  const other = connect();
  other.wire.open();
  vi.advanceTimersByTime(4000);
  expect(other.listener.heard).not.toHaveBeenCalled();
  expect(other.listener.lost.mock.calls).toEqual([[true]]);
});

it("pings in each silence, and a pong is no message", () => {
  const { listener, wire } = connect();
  wire.open();
  for (let minute = 0; minute < 9; minute++) {
    wire.say({ type: "pong" });
    vi.advanceTimersByTime(20_000);
  }
  expect(wire.sent.filter((message) => (message as { type: string }).type === "ping")).toHaveLength(10);
  expect(listener.heard).toHaveBeenCalledTimes(9);
  expect(listener.received).not.toHaveBeenCalled();
  expect(listener.lost).not.toHaveBeenCalled();
});

it("notices a dead connection by the pong that does not come", () => {
  const { listener, wire } = connect();
  wire.open();
  wire.say({ type: "pong" });
  vi.advanceTimersByTime(29_999);
  expect(listener.lost).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(listener.lost.mock.calls).toEqual([[true]]);
  vi.advanceTimersByTime(100_000);
  expect(listener.lost).toHaveBeenCalledOnce();
});

it("says once that it was closed, and nothing when it closes itself", () => {
  const { listener, wire } = connect();
  wire.open();
  wire.drop();
  expect(listener.lost.mock.calls).toEqual([[false]]);
  const other = connect();
  other.wire.open();
  other.transport.close();
  vi.advanceTimersByTime(100_000);
  expect(other.listener.lost).not.toHaveBeenCalled();
});

it("watches what is watched when it opens, another in its place, and none", () => {
  let watched: { conversation: string; stamp: string } | null = { conversation: "c", stamp: "one" };
  const listener = { heard: vi.fn(), received: vi.fn(), lost: vi.fn() };
  const transport = websocket("ws://test", 20_000)(new Map(), listener, () => watched);
  const wire = Wire.last;
  wire.open();
  watched = { conversation: "d", stamp: "" };
  transport.watch();
  watched = null;
  transport.watch();
  expect(wire.sent).toEqual([
    { type: "conversation.watch", conversation: "c", stamp: "one" },
    { type: "ping" },
    { type: "conversation.watch", conversation: "d", stamp: "" },
    { type: "conversation.unwatch" },
  ]);
  wire.say({ type: "conversation.news", conversation: "d", stamp: "two" });
  expect(listener.received).toHaveBeenCalledOnce();
});

it("takes frames that come together, and tells what has arrived once it is much", () => {
  const { listener, wire } = connect();
  wire.open();
  const frame = (seq: number, text: string) => ({
    run: "r",
    seq,
    at: 0,
    event: { type: "text.delta", text },
  });
  const said = () => wire.sent.filter((message) => (message as { type: string }).type === "run.seen");
  wire.say({ frames: [frame(5, "a"), frame(6, "b")], news: [], refused: [] });
  expect(listener.received.mock.calls.map(([{ seq }]) => seq)).toEqual([5, 6]);
  wire.say(frame(7, "x".repeat(100_000)));
  expect(said()).toEqual([]);
  wire.say(frame(8, "x".repeat(100_000)));
  expect(said()).toEqual([{ type: "run.seen", run: "r", seq: 8 }]);
});
