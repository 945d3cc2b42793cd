import { expect, test } from "vitest";
import { Bucket } from "./bucket";

test("a bucket gives so many at once, and so many a second", () => {
  let now = 0;
  const bucket = new Bucket(3, 2, () => now);
  const take = (count: number) => Array.from({ length: count }, () => bucket.take());
  expect(take(4)).toEqual([true, true, true, false]);
  now += 1000;
  expect(take(3)).toEqual([true, true, false]);
  now += 60_000;
  expect(take(4)).toEqual([true, true, true, false]);
});
