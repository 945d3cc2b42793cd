import { expect, test } from "vitest";
import { isTheft, type Signs } from "./focus";

const never = Number.POSITIVE_INFINITY;
const idle: Signs = {
  tabbed: never,
  typed: never,
  acted: 1000,
  entered: null,
  isTouch: false,
  isActive: true,
};

test.each<[string, Partial<Signs>, boolean]>([
  ["a Tab goes in", { tabbed: 20 }, false],
  ["a Tab goes in right after typing", { tabbed: 20, typed: 20 }, false],
  ["the pointer is over the frame", { entered: 3000 }, false],
  ["the pointer came over the frame after the last key", { entered: 100, typed: 600 }, false],
  ["the pointer rests over the frame while the person types", { entered: 9000, typed: 50 }, true],
  ["the pointer is elsewhere", {}, true],
  ["a finger may have touched the frame", { isTouch: true }, false],
  ["a finger cannot touch the frame while the person types", { isTouch: true, typed: 100 }, true],
  [
    "the person has acted, and not in our page: the pointer was over the frame all along",
    { acted: 9000 },
    false,
  ],
  ["nobody has done anything for a while", { acted: never, isActive: false }, true],
  [
    "nobody has done anything for a while, though the pointer is there",
    { entered: 3000, isActive: false },
    true,
  ],
])("%s", (_name, signs, theft) => expect(isTheft({ ...idle, ...signs })).toBe(theft));
