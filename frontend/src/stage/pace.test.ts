import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Pace } from "./pace";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function workFor(milliseconds: number): () => void {
  return () => void vi.setSystemTime(Date.now() + milliseconds);
}

it("does what costs nothing at once, and what costs much seldom", () => {
  const clock = vi.spyOn(performance, "now").mockImplementation(() => Date.now());
  const pace = new Pace();
  const done: string[] = [];
  pace.run(() => done.push("a"));
  pace.run(() => done.push("b"));
  expect(done).toEqual(["a", "b"]);
  pace.run(workFor(20));
  pace.run(() => done.push("c"));
  pace.run(() => done.push("d"));
  vi.advanceTimersByTime(400);
  expect(done).toEqual(["a", "b"]);
  vi.advanceTimersByTime(200);
  expect(done).toEqual(["a", "b", "d"]);
  clock.mockRestore();
});

it("does not do what was stopped", () => {
  const clock = vi.spyOn(performance, "now").mockImplementation(() => Date.now());
  const pace = new Pace();
  const done: string[] = [];
  pace.run(workFor(20));
  pace.run(() => done.push("late"));
  pace.stop();
  vi.advanceTimersByTime(2000);
  expect(done).toEqual([]);
  clock.mockRestore();
});
