import { expect, test } from "vitest";
import { fromLocal, toLocal } from "./moments";

test("a moment is shown in the person's own time, and comes back as it was", () => {
  const moment = new Date(2026, 10, 26, 9, 30).toISOString();
  expect(toLocal(moment)).toBe("2026-11-26T09:30");
  expect(fromLocal(toLocal(moment))).toBe(moment);
});

test("summer and winter have their own distance to UTC", () => {
  const summer = new Date(2026, 6, 1, 23, 59).toISOString();
  expect(toLocal(summer)).toBe("2026-07-01T23:59");
});

test("none is empty", () => {
  expect(toLocal(null)).toBe("");
});
