const STEPS: Record<string, (value: number) => number> = {
  ArrowLeft: (value) => value - 2,
  ArrowDown: (value) => value - 2,
  ArrowRight: (value) => value + 2,
  ArrowUp: (value) => value + 2,
  PageDown: (value) => value - 10,
  PageUp: (value) => value + 10,
  Home: () => 0,
  End: () => 100,
};

/** Where a key moves a slider of 0 to 100, or null for a key that is none of its own. */
export function slide(key: string, value: number): number | null {
  const step = STEPS[key];
  return step ? within(step(value)) : null;
}

/** The percentage of a place between two edges. */
export function percentAt(place: number, left: number, width: number): number {
  return width > 0 ? within(Math.round(((place - left) / width) * 100)) : 0;
}

function within(value: number): number {
  return Math.min(100, Math.max(0, value));
}
