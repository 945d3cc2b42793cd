import { afterEach, expect, test, vi } from "vitest";
import { Trail } from "./trail";

function stand(length: number, own = 1) {
  vi.stubGlobal("history", { length, state: null, go: vi.fn(), pushState: vi.fn() });
  vi.stubGlobal("navigation", { entries: () => Array.from({ length: own }) });
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a few entries are no spam, and neither are many that are taken back at once", () => {
  stand(1);
  const trail = new Trail();
  stand(4);
  for (let look = 0; look < 20; look++) expect(trail.look()).toBe("clear");
  for (const length of [20, 20, 20, 2, 20, 20, 20]) {
    stand(length);
    expect(trail.look()).toBe("clear");
  }
});

test("the page's own entries are not the frame's", () => {
  stand(1, 1);
  const trail = new Trail();
  stand(20, 20);
  for (let look = 0; look < 20; look++) expect(trail.look()).toBe("clear");
});

test("many that stay are spam, and covered", () => {
  vi.useFakeTimers();
  stand(1);
  const trail = new Trail();
  stand(30);
  expect(Array.from({ length: 4 }, () => trail.look())).toEqual(["clear", "clear", "clear", "spam"]);
  trail.cover();
  expect(history.go).toHaveBeenCalledWith(-29);
  vi.advanceTimersByTime(1000);
  expect(history.pushState).toHaveBeenCalledOnce();
});
