import { describe, expect, it } from "vitest";
import {
  beginMark,
  boundsOf,
  extendMark,
  isVisible,
  type Mark,
  scaleBox,
  targetsOf,
  wordsOf,
} from "./shapes";

const at = (x: number, y: number) => ({ x, y });
const draw = (tool: Mark["tool"], ...points: [number, number][]): Mark => {
  const [first = [0, 0], ...rest] = points;
  return rest.reduce((mark, point) => extendMark(mark, at(...point)), beginMark(tool, "red", at(...first)));
};
const label = { tool: "text", colour: "blue", at: at(5, 6), text: " larger " } as const;

describe("shapes", () => {
  it("keep all of a pen's line, and the ends of the others", () => {
    expect(draw("pen", [0, 0], [1, 1], [9, 9], [20, 9]).points).toEqual([at(0, 0), at(9, 9), at(20, 9)]);
    expect(draw("box", [0, 0], [1, 1], [9, 5]).points).toEqual([at(0, 0), at(9, 5)]);
  });

  it("are nothing where nothing was drawn or written", () => {
    expect(isVisible(draw("pen", [4, 4]))).toBe(false);
    expect(isVisible(draw("arrow", [4, 4], [9, 9]))).toBe(true);
    expect(isVisible({ ...label, text: "  " })).toBe(false);
  });

  it("are about what they go round or lead to", () => {
    expect(boundsOf([at(9, 2), at(3, 8)])).toEqual({ x: 3, y: 2, width: 6, height: 6 });
    const shapes = [draw("box", [10, 10], [4, 2]), draw("arrow", [0, 0], [50, 60]), label];
    expect(targetsOf(shapes)).toEqual([
      { x: 4, y: 2, width: 6, height: 8 },
      { x: 50, y: 60, width: 0, height: 0 },
    ]);
    expect(targetsOf([label])).toEqual([{ x: 5, y: 6, width: 0, height: 0 }]);
    expect(wordsOf(shapes)).toBe("larger");
    expect(scaleBox({ x: 2, y: 4, width: 6, height: 8 }, 0.5)).toEqual({ x: 1, y: 2, width: 3, height: 4 });
  });
});
