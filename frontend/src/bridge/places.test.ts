import { describe, expect, it } from "vitest";
import { LIMITS } from "./messages";
import { describePlace, isSamePlace, line, parsePlace, parsePlaces } from "./places";

const PLACE = {
  path: "main > button",
  tag: "button",
  id: "start",
  classes: ["big"],
  name: "",
  text: "Start",
  html: "<button>Start</button>",
  box: { x: -4.5, y: 1e3, width: 10, height: 20 },
  window: { width: 800, height: 600 },
  point: null,
};

describe("a place", () => {
  it("is taken as it is described, and without what is not asked for", () => {
    expect(parsePlace({ ...PLACE, more: "x", box: { ...PLACE.box, more: 1 } })).toEqual(PLACE);
    expect(parsePlace({ ...PLACE, point: { x: 1, y: 2 } })?.point).toEqual({ x: 1, y: 2 });
  });

  it.each([
    null,
    "place",
    {},
    { ...PLACE, tag: "Button><script>" },
    { ...PLACE, tag: 5 },
    { ...PLACE, path: " \u202e " },
    { ...PLACE, id: null },
    { ...PLACE, classes: "big" },
    { ...PLACE, classes: [1] },
    { ...PLACE, classes: Array(LIMITS.classes + 1).fill("a") },
    { ...PLACE, text: { toString: () => "x" } },
    { ...PLACE, box: { ...PLACE.box, x: Number.NaN } },
    { ...PLACE, box: { ...PLACE.box, width: -1 } },
    { ...PLACE, window: { width: Number.POSITIVE_INFINITY, height: 1 } },
  ])("is refused where a field is not what it should be: %#", (data) => {
    expect(parsePlace(data)).toBe(null);
  });

  it("is cut to size and loses what hides or turns text", () => {
    const place = parsePlace({ ...PLACE, text: "x".repeat(1e6), name: "a\u202eb\u0000c\u200bd\n e\u2028f" });
    expect(place?.text).toHaveLength(LIMITS.excerpt);
    expect(place?.name).toBe("ab cd e f");
    expect(line("😀😀", 3)).toBe("😀");
    expect(line("\ud800x", 9)).toBe("x");
  });

  it("comes in small numbers", () => {
    expect(parsePlaces([PLACE, PLACE])).toHaveLength(2);
    expect(parsePlaces([PLACE, {}])).toBe(null);
    expect(parsePlaces(Array(LIMITS.places + 1).fill(PLACE))).toBe(null);
    expect(parsePlaces({ length: 1 })).toBe(null);
  });

  it("is told in a few words", () => {
    const place = { ...PLACE, page: "" };
    expect(describePlace(place)).toBe("<button> Start");
    expect(describePlace({ ...place, name: "Begin" })).toBe("<button> Begin");
    expect(describePlace({ ...place, text: "" })).toBe("<button> #start");
    expect(describePlace({ ...place, text: "", id: "" })).toBe("<button> .big");
    expect(isSamePlace(place, { ...place, text: "later" })).toBe(true);
    expect(isSamePlace(place, { ...place, point: { x: 1, y: 1 } })).toBe(false);
  });
});
