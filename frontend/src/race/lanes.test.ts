import { expect, it } from "vitest";
import { isUnkept, newestLeaf, standIn } from "../lib/branches";
import type { RaceInfo, RunInfo } from "../protocol.gen";
import { letterOf } from "./lanes";

const lane = (id: string, parent: string | null = null, race: string | null = "race") =>
  ({ id, parent, race, version: null }) as RunInfo;
const race = (kept: string | null) => ({ id: "race", lanes: ["x", "y", "z"], kept }) as RaceInfo;
const LANES = ["x", "y", "z"].map((id) => lane(id, "start"));
const RUNS = [lane("start", null, null), ...LANES];

it("names lanes by their place", () => {
  expect(["x", "z"].map((id) => letterOf(race(null), id))).toEqual(["A", "C"]);
});

it("shows a race where it was decided, else at its first lane", () => {
  expect(standIn(LANES[2] as RunInfo, [race(null)])).toBe("x");
  expect(standIn(LANES[2] as RunInfo, [race("y")])).toBe("y");
  expect(standIn(lane("alone", null, null), [race("y")])).toBe("alone");
});

it("goes on below the lane that was kept", () => {
  const start = RUNS[0] as RunInfo;
  expect(newestLeaf(RUNS, start, [race("y")]).id).toBe("y");
  expect(newestLeaf([...RUNS, lane("next", "y", null)], start, [race("y")]).id).toBe("next");
});

it("knows what nothing can go on from", () => {
  expect(isUnkept(LANES[0] as RunInfo)).toBe(true);
  expect(isUnkept({ ...LANES[0], version: { number: 1 } } as RunInfo)).toBe(false);
  expect(isUnkept(RUNS[0] as RunInfo)).toBe(false);
});
