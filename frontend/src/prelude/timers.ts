/** Timers that outlive a page that clears all timers, as pages do that restart a game. */

import { wrap } from "./pristine";

const { setTimeout, setInterval } = window;
const ours = new Set<unknown>();

export function later(milliseconds: number, action: () => void): void {
  const id = setTimeout(() => {
    ours.delete(id);
    action();
  }, milliseconds);
  ours.add(id);
}

export function every(milliseconds: number, action: () => void): void {
  ours.add(setInterval(action, milliseconds));
}

export function protectTimers(): void {
  for (const name of ["clearTimeout", "clearInterval"]) {
    wrap(window, name, (native, self, args) => (ours.has(Number(args[0])) ? undefined : native(self, args)));
  }
}

/** `action` runs once, some time after the last of several calls, but is not put off for ever. */
export function gathered(milliseconds: number, action: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    later(milliseconds, () => {
      isDue = false;
      action();
    });
  };
}
