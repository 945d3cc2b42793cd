import type { RaceInfo } from "../protocol.gen";

const LETTERS = "ABCD";

/** The lane's letter. The order of the lanes says nothing of the models. */
export function letterOf(race: RaceInfo, run: string): string {
  return LETTERS[race.lanes.indexOf(run)] ?? "?";
}

/** Whether a key press asks for a lane, and for which (from 0): digits, unless something is being typed. */
export function laneOfKey(event: KeyboardEvent, count: number): number | null {
  const { target } = event;
  const isTyping =
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=dialog] *"));
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const index = Number(event.key) - 1;
  return Number.isInteger(index) && index >= 0 && index < count ? index : null;
}
