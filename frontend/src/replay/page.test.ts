import { describe, expect, it } from "vitest";
import { chapterOf, versionOf } from "./fixtures";
import { type Motion, pageAt } from "./page";
import type { Place } from "./timeline";

const still: Motion = { isPlaying: false, speed: 1, turn: 0 };
const running: Motion = { isPlaying: true, speed: 2, turn: 3 };
const written = chapterOf(1, ["<p>", "one", "</p>"]);

function at(seq: number, phase: Place["phase"] = "making"): Place {
  return { index: 0, phase, typed: 0, seq };
}

describe("a page that is written", () => {
  it("is not there before its file is begun", () => {
    expect(pageAt(written, at(0, "typing"), running)).toEqual({ kind: "nothing", key: "nothing" });
  });

  it("goes on at the film's pace, in one and the same frame", () => {
    const shown = pageAt(written, at(2), running);
    expect(shown).toMatchObject({ kind: "url", url: "http://film/2x200/" });
    expect(pageAt(written, at(4), running).key).toBe(shown.key);
    expect(pageAt(written, at(4), { ...running, turn: 4 }).key).not.toBe(shown.key);
  });

  it("stands while the film does", () => {
    expect(pageAt(written, at(2), still)).toMatchObject({ url: "http://film/2x0/" });
    expect(pageAt(written, at(3), still).key).not.toBe(pageAt(written, at(2), still).key);
  });

  it("is the version itself in the end", () => {
    expect(pageAt(written, at(6, "end"), running)).toMatchObject({ url: "http://a/v/1/" });
  });
});

describe("a page that is changed", () => {
  const changed = chapterOf(2, ["a", "b", "c"], { looks: [{ seq: 3, streams: false, step: null }] });

  it("is first what it goes on from, then what it has become", () => {
    expect(pageAt(changed, at(0, "typing"), running)).toMatchObject({ url: "http://film/0x0/" });
    expect(pageAt(changed, at(2), running)).toMatchObject({ url: "http://film/0x0/" });
    expect(pageAt(changed, at(4), running)).toMatchObject({ url: "http://film/3x0/" });
    expect(pageAt(changed, at(4), still).key).toBe(pageAt(changed, at(4), running).key);
  });
});

describe("a build", () => {
  const looks = [
    { seq: 2, streams: false, step: 1 },
    { seq: 4, streams: false, step: 3 },
  ];
  const built = chapterOf(1, ["a", "b", "c"], { kind: "build", looks });

  it("is shown by its steps", () => {
    expect(pageAt(built, at(1), running).kind).toBe("nothing");
    expect(pageAt(built, at(3), running)).toMatchObject({ kind: "step", number: 1, step: 1 });
    expect(pageAt(built, at(5), still)).toMatchObject({ step: 3 });
    const later = { ...built, version: versionOf(2) };
    expect(pageAt(later, at(1), running)).toMatchObject({ kind: "step", number: 2, step: 0 });
  });
});
