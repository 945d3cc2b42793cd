import { describe, expect, it } from "vitest";
import { chapterOf, filmOf } from "./fixtures";
import { clockOf, HOLD, lengthOf, placeAt, readMoment, spansOf, writeMoment } from "./timeline";

const film = filmOf(
  chapterOf(1, ["a", "b", "c"], { prompt: "a clock", typing: 700 }),
  chapterOf(2, [], { kind: "still", length: 3000 }),
  chapterOf(3, ["d"], { prompt: "red", typing: 600 }),
);
const spans = spansOf(film);
const [first, second, third] = spans as [(typeof spans)[0], (typeof spans)[0], (typeof spans)[0]];

describe("the film's time", () => {
  it("puts the chapters one after the other", () => {
    expect(first.start).toBe(0);
    expect(second.start).toBe(first.end);
    expect(third.start).toBe(second.end);
    expect(lengthOf(spans)).toBe(third.end);
    expect(second.end - second.start).toBe(3000 + HOLD);
  });

  it("types the prompt first", () => {
    expect(placeAt(spans, 0)).toEqual({ index: 0, phase: "typing", typed: 0, seq: 0 });
    expect(placeAt(spans, 350)).toMatchObject({ phase: "typing", typed: 4 });
    expect(placeAt(spans, 900)).toMatchObject({ phase: "typing", typed: 7 });
  });

  it("knows which frame is the newest", () => {
    const { frames } = first.chapter;
    for (const frame of frames) {
      expect(placeAt(spans, first.begins + frame.at)).toMatchObject({ index: 0, seq: frame.seq });
      expect(placeAt(spans, first.begins + frame.at - 0.5).seq).toBe(frame.seq - 1);
    }
  });

  it("holds the end of a chapter, and of the film", () => {
    expect(placeAt(spans, first.ends)).toMatchObject({
      index: 0,
      phase: "end",
      seq: first.chapter.frames.length,
    });
    expect(placeAt(spans, second.start)).toMatchObject({ index: 1, phase: "end", seq: 0 });
    expect(placeAt(spans, third.end + 5000)).toMatchObject({ index: 2, phase: "end" });
  });

  it("shows nothing of a film without chapters", () => {
    expect(lengthOf([])).toBe(0);
    expect(placeAt([], 100).phase).toBe("end");
  });
});

describe("moments", () => {
  it("are read from an address and written into one", () => {
    expect(readMoment(writeMoment(83_480))).toBe(83_500);
    expect(readMoment("#t=12")).toBe(12_000);
    for (const hash of ["", "#t=", "#t=-1", "#t=1e9", "#check"]) expect(readMoment(hash)).toBe(null);
  });

  it("are told as on a clock", () => {
    expect([0, 999, 61_000, 3_600_000].map(clockOf)).toEqual(["0:00", "0:00", "1:01", "60:00"]);
  });
});
