import { expect, test } from "vitest";
import { Bucket } from "./bucket";

const takeAll = (bucket: Bucket, now: number) => {
  let taken = 0;
  while (bucket.take(now)) taken += 1;
  return taken;
};

test("gives its capacity at once, then what has been refilled", () => {
  const bucket = new Bucket(200, 100);
  expect(takeAll(bucket, 0)).toBe(200);
  expect(takeAll(bucket, 500)).toBe(50);
  expect(takeAll(bucket, 60_000)).toBe(200);
});

test("forgives reloads slowly", () => {
  const reloads = new Bucket(5, 0.1);
  expect(takeAll(reloads, 1000)).toBe(5);
  expect(reloads.take(5000)).toBe(false);
  expect(reloads.take(12_000)).toBe(true);
  expect(reloads.take(13_000)).toBe(false);
});

test("a clock that goes back refills nothing", () => {
  const bucket = new Bucket(1, 1);
  expect(bucket.take(5000)).toBe(true);
  expect(bucket.take(1000)).toBe(false);
});
