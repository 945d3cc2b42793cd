import { describe, expect, it } from "vitest";
import type { Event, Frame } from "../protocol.gen";
import { chapterOf, filmOf } from "./fixtures";
import { Making } from "./making";
import { marksOf } from "./marks";
import { Player } from "./player.svelte";
import { spansOf } from "./timeline";

/** A step each second: the name of its tool, and what it is done to. */
function framesOf(steps: [string, string][]): Frame[] {
  const events = steps.flatMap(([name, what], index): Event[] => {
    const step = index + 1;
    const told = {
      id: "c",
      name,
      text: "",
      is_ok: true,
      summary: "",
      more: "",
      picture: "",
      seconds: 0,
      changes: [],
    };
    return [
      { type: "build.step", step, model: "m" },
      { type: "build.answered", step, text: "", reasoning: "", used: USE },
      { type: "build.called", step, id: "c", name, what },
      { type: "build.returned", step, ...told },
    ] as Event[];
  });
  return events.map((event, index) => ({
    run: "",
    seq: index + 1,
    at: Math.floor(index / 4) * 1000,
    event,
  }));
}

const USE = { steps: 0, input_tokens: 0, output_tokens: 0, cost: null, seconds: 0 };
const frames = framesOf([
  ["set_plan", ""],
  ["write_file", "index.html"],
  ["read_file", "index.html"],
  ["edit_file", "game.js"],
]);
const spans = spansOf(
  filmOf(
    chapterOf(1, ["a"]),
    chapterOf(2, [], { kind: "build", frames, length: 4000, prompt: "x", typing: 600 }),
  ),
);
const marks = marksOf(
  spans,
  spans.map(({ chapter }) => new Making(chapter)),
);

describe("the steps of a build", () => {
  it("are chapters, without those that only read", () => {
    const begins = spans[1]?.begins ?? 0;
    expect(marks.map(({ index, step, at, name }) => [index, step, at - begins, name])).toEqual([
      [1, 1, 0, "Planned"],
      [1, 2, 1000, "Wrote index.html"],
      [1, 4, 3000, "Edited game.js"],
    ]);
  });

  it("are where one skips to, and the versions too", () => {
    const player = new Player(spans, marks);
    const forth = [1, 1, 1, 1, 1].map((way) => go(player, way as 1));
    const [, second] = spans;
    expect(forth).toEqual([second?.start, ...marks.map(({ at }) => at), player.length]);
    expect(go(player, -1)).toBe(marks[2]?.at);
    player.seek(player.time + 500);
    expect(go(player, -1)).toBe(marks[2]?.at);
    expect(go(player, -1)).toBe(marks[1]?.at);
  });
});

function go(player: Player, way: -1 | 1): number {
  player.skip(way);
  return player.time;
}
