import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Frame, Refused } from "../protocol.gen";
import { type Connection, RunSocket } from "./socket";

/** The server's end of a socket that the test plays. */
class Wire {
  static readonly OPEN = 1;
  static all: Wire[] = [];
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | undefined;
  onmessage: ((message: { data: string }) => void) | undefined;
  onclose: (() => void) | undefined;

  constructor() {
    Wire.all.push(this);
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

  say(message: Frame | Refused) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const frame = (seq: number, type = "text.delta") =>
  ({ run: "r", seq, at: 0, event: { type, text: "" } }) as Frame;

beforeEach(() => {
  Wire.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Wire);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function follow() {
  const seen: number[] = [];
  const states: Connection[] = [];
  const refused = vi.fn();
  const socket = new RunSocket("ws://test", (state) => states.push(state));
  socket.follow("r", 0, ({ seq }) => seen.push(seq), refused);
  return { seen, states, refused, socket, wire: () => Wire.all.at(-1) as Wire };
}

it("goes on after a break from the last frame that came", () => {
  const { seen, states, wire } = follow();
  wire().open();
  expect(wire().sent).toEqual([{ type: "run.follow", run: "r", after: 0 }]);
  wire().say(frame(1));
  wire().say(frame(2));
  wire().drop();
  vi.advanceTimersByTime(1000);
  expect(Wire.all).toHaveLength(2);
  wire().open();
  expect(wire().sent).toEqual([{ type: "run.follow", run: "r", after: 2 }]);
  wire().say(frame(2));
  wire().say(frame(3));
  expect(seen).toEqual([1, 2, 3]);
  expect(states).toEqual(["connecting", "open", "offline", "connecting", "open"]);
});

it("waits longer after each failure, and does not give up", () => {
  const { wire } = follow();
  for (let tries = 0; tries < 8; tries++) {
    wire().drop();
    vi.advanceTimersByTime(15_000);
  }
  expect(Wire.all).toHaveLength(9);
});

it("does not connect again once the run is over", () => {
  const { wire } = follow();
  wire().open();
  wire().say(frame(1, "run.finished"));
  wire().drop();
  vi.advanceTimersByTime(60_000);
  expect(Wire.all).toHaveLength(1);
});

it("passes a refusal on and follows no longer", () => {
  const { wire, refused } = follow();
  wire().open();
  const error = { code: "run_not_found", message: "", retryable: false, retry_after: null };
  wire().say({ type: "refused", run: "r", error });
  wire().say(frame(1));
  expect(refused).toHaveBeenCalledOnce();
});
