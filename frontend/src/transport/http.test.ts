import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Frame } from "../protocol.gen";
import { poll, stream } from "./http";
import type { Message, Open } from "./transport";

const frame = (run: string, seq: number) =>
  ({ run, seq, at: 0, event: { type: "text.delta", text: "¾" } }) as Frame;

/** A request that the test answers. */
class Asked {
  static all: Asked[] = [];
  #answer!: (response: Response) => void;
  #fail!: (error: Error) => void;
  #body!: ReadableStreamDefaultController<Uint8Array>;
  readonly answered = new Promise<Response>((resolve, reject) => {
    this.#answer = resolve;
    this.#fail = reject;
  });

  constructor(
    readonly url: string,
    readonly signal: AbortSignal,
  ) {
    Asked.all.push(this);
    signal.addEventListener("abort", () => this.#fail(new Error("aborted")));
  }

  open() {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller;
      },
    });
    this.#answer(new Response(body));
  }

  say(bytes: Uint8Array) {
    this.#body.enqueue(bytes);
    return vi.advanceTimersByTimeAsync(0);
  }

  end() {
    this.#body.close();
    return vi.advanceTimersByTimeAsync(0);
  }

  json(value: object, status = 200) {
    this.#answer(Response.json(value, { status }));
    return vi.advanceTimersByTimeAsync(0);
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);
const last = () => Asked.all.at(-1) as Asked;

beforeEach(() => {
  Asked.all = [];
  vi.useFakeTimers();
  const ask = (url: string, { signal }: { signal: AbortSignal }) => new Asked(url, signal).answered;
  vi.stubGlobal("fetch", ask);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** As the follower does: positions go on with what is received. */
async function connect(open: Open, ...runs: string[]) {
  const positions = new Map(runs.map((run) => [run, { seq: 0 }]));
  const received = vi.fn((message: Message) => {
    if ("event" in message) positions.set(message.run, { seq: message.seq });
  });
  const listener = { heard: vi.fn(), received, lost: vi.fn() };
  const transport = open(positions, listener, () => null);
  await vi.advanceTimersByTimeAsync(0);
  return { positions, listener, transport };
}

it("reads events however the stream is cut", async () => {
  const { listener } = await connect(stream, "r");
  last().open();
  const sent = bytes(
    `: open\n\nid: 1\ndata: ${JSON.stringify(frame("r", 1))}\n\ndata: ${JSON.stringify(frame("r", 2))}\n\n`,
  );
  for (const byte of sent) await last().say(new Uint8Array([byte]));
  expect(listener.received.mock.calls).toEqual([[frame("r", 1)], [frame("r", 2)]]);
});

it("finds a stream that is held back, opened or not, and one that falls silent", async () => {
  for (const isOpened of [false, true]) {
    const { listener } = await connect(stream, "r");
    if (isOpened) last().open();
    await vi.advanceTimersByTimeAsync(4000);
    expect(listener.heard).not.toHaveBeenCalled();
    expect(listener.lost.mock.calls).toEqual([[true]]);
    expect(last().signal.aborted).toBe(true);
  }
  const { listener } = await connect(stream, "r");
  last().open();
  for (let time = 0; time < 60; time += 5) {
    await last().say(bytes(": waiting\n\n"));
    await vi.advanceTimersByTimeAsync(5000);
  }
  expect(listener.lost).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(listener.lost.mock.calls).toEqual([[true]]);
});

it("has one request for all runs, and another one when there are more", async () => {
  const { positions, transport, listener } = await connect(stream, "r");
  last().open();
  await last().say(bytes(`data: ${JSON.stringify(frame("r", 1))}\n\n`));
  for (const run of ["s", "t"]) {
    positions.set(run, { seq: 0 });
    transport.follow(run);
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(Asked.all).toHaveLength(2);
  expect(Asked.all[0]?.signal.aborted).toBe(true);
  expect(decodeURIComponent(last().url)).toBe("/api/events?follow=r:1&follow=s:0&follow=t:0");
  expect(listener.lost).not.toHaveBeenCalled();
});

it("rests when all runs are over, and is lost when it ends before", async () => {
  const { positions, transport, listener } = await connect(stream, "r");
  last().open();
  positions.clear();
  await last().end();
  await vi.advanceTimersByTimeAsync(100_000);
  expect([Asked.all.length, listener.lost.mock.calls.length]).toEqual([1, 0]);
  positions.set("s", { seq: 0 });
  transport.follow("s");
  await vi.advanceTimersByTimeAsync(0);
  last().open();
  await last().end();
  expect(listener.lost.mock.calls).toEqual([[false]]);
});

it("asks for the rest when there are more runs than one request takes", async () => {
  const runs = Array.from({ length: 70 }, (_, index) => `r${index}`);
  const { positions, listener } = await connect(stream, ...runs);
  expect(last().url.match(/follow=/g)).toHaveLength(64);
  last().open();
  for (const run of runs.slice(0, 64)) positions.delete(run);
  await last().end();
  expect(last().url.match(/follow=/g)).toHaveLength(6);
  expect(listener.lost).not.toHaveBeenCalled();
});

it("polls from where it is, with a short first wait", async () => {
  const { listener, transport } = await connect(poll(20_000), "r");
  expect(decodeURIComponent(last().url)).toBe("/api/events?follow=r:0&wait=0");
  await last().json({ frames: [], news: [], refused: [] });
  expect(listener.heard).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(200);
  expect(decodeURIComponent(last().url)).toBe("/api/events?follow=r:0&wait=20");
  await last().json({ frames: [frame("r", 1), frame("r", 2)], news: [], refused: [] });
  await vi.advanceTimersByTimeAsync(200);
  expect(decodeURIComponent(last().url)).toBe("/api/events?follow=r:2&wait=20");
  await vi.advanceTimersByTimeAsync(29_999);
  expect(listener.lost).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(listener.lost.mock.calls).toEqual([[true]]);
  transport.close();
});

it("is lost when the server refuses, and asks nothing more", async () => {
  const { listener } = await connect(poll(20_000), "r");
  await last().json({}, 502);
  expect(listener.lost.mock.calls).toEqual([[false]]);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(Asked.all).toHaveLength(1);
});

it("says nothing after it was closed", async () => {
  for (const open of [stream, poll(20_000)]) {
    const { listener, transport } = await connect(open, "r");
    transport.close();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(listener.lost).not.toHaveBeenCalled();
  }
  expect(Asked.all).toHaveLength(2);
});
