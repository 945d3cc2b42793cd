import { expect, test } from "vitest";
import { DEAD, Pulse, SILENT, TICK } from "./pulse";

/** What the pulse says after `length` milliseconds of ticks without a beat. */
function wait(pulse: Pulse, from: number, length: number, isHidden = false) {
  let answer = pulse.tick(from, isHidden);
  for (let now = from + TICK; now <= from + length; now += TICK) answer = pulse.tick(now, isHidden);
  return answer;
}

test("silence is noticed, then it is the end", () => {
  const pulse = new Pulse();
  expect(wait(pulse, 0, SILENT - TICK)).toBe("alive");
  expect(wait(pulse, SILENT - TICK, TICK)).toBe("silent");
  expect(wait(pulse, SILENT, DEAD - SILENT)).toBe("dead");
});

test("a beat makes it alive again", () => {
  const pulse = new Pulse();
  wait(pulse, 0, SILENT);
  pulse.beat();
  expect(wait(pulse, SILENT, TICK)).toBe("alive");
});

test("a hidden tab is not accused, nor as soon as it is shown again", () => {
  const pulse = new Pulse();
  expect(wait(pulse, 0, DEAD * 2, true)).toBe("alive");
  expect(wait(pulse, DEAD * 2, SILENT - TICK)).toBe("alive");
});

test("our own delay is not the page's", () => {
  const pulse = new Pulse();
  pulse.tick(0, false);
  expect(pulse.tick(3_600_000, false)).toBe("alive");
});
