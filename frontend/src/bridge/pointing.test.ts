import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GuestPlace, HostMessage } from "./messages";
import { Pointing, type PointingEvent } from "./pointing";

const PLACE = { path: "b", tag: "b" } as GuestPlace;

function start() {
  const told: HostMessage[] = [];
  const events: PointingEvent[] = [];
  const pointing = new Pointing(
    (message) => told.push(message),
    (event) => events.push(event),
  );
  return { told, events, pointing };
}

describe("pointing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("begins when the page says so, and ends with the pick", () => {
    const { told, events, pointing } = start();
    pointing.point(true);
    pointing.press("ArrowUp", false); // too early
    pointing.hear({ type: "pointing", on: true });
    pointing.press("Enter", true);
    pointing.hear({ type: "picked", place: PLACE, more: true });
    pointing.hear({ type: "picked", place: PLACE, more: false });
    pointing.hear({ type: "picked", place: PLACE, more: true }); // too late
    pointing.hear({ type: "pointing", on: false });
    expect(told).toEqual([
      { type: "point", on: true },
      { type: "key", key: "Enter", more: true },
    ]);
    expect(events.map(({ type }) => type)).toEqual(["on", "picked", "picked", "off"]);
  });

  it("hears nothing unasked", () => {
    const { events, pointing } = start();
    pointing.hear({ type: "pointing", on: true });
    pointing.hear({ type: "pointed", text: "x" });
    pointing.hear({ type: "picked", place: PLACE, more: true });
    pointing.hear({ type: "probed", id: 1, places: [PLACE] });
    expect(events).toEqual([]);
  });

  it("gives up on a page that does not answer, or cannot", () => {
    const { events, pointing } = start();
    pointing.point(true);
    vi.advanceTimersByTime(10_000);
    pointing.point(true);
    pointing.hear({ type: "pointing", on: false });
    expect(events.map(({ type }) => type)).toEqual(["mute", "mute"]);
  });

  it("asks for elements and pictures, each answer once and for its own question", async () => {
    const { told, pointing } = start();
    const first = pointing.probe([{ x: 0, y: 0, width: 1, height: 1 }]);
    const second = pointing.takePicture();
    const image = new ArrayBuffer(1);
    pointing.hear({ type: "picture", id: 9, image, width: 1, height: 1 });
    pointing.hear({ type: "picture", id: 2, image, width: 8, height: 6 });
    pointing.hear({ type: "probed", id: 1, places: [PLACE] });
    expect(told.map(({ type }) => type)).toEqual(["probe", "picture"]);
    expect(await first).toEqual([PLACE]);
    expect(await second).toEqual({ image, width: 8, height: 6 });
  });

  it("has no answer from a page that lies about the kind, keeps silent, or goes", async () => {
    const { pointing } = start();
    const wrong = pointing.takePicture();
    pointing.hear({ type: "probed", id: 1, places: [] });
    const silent = pointing.probe([]);
    vi.advanceTimersByTime(10_000);
    const gone = pointing.takePicture();
    pointing.stop();
    expect([await wrong, await silent, await gone]).toEqual([null, null, null]);
  });
});
