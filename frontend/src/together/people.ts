import { t } from "../i18n/together";
import type { Participant, Person } from "../protocol.gen";

export function nameOf(person: Person | null): string {
  if (person === null) return t.nobody;
  return person.name || t.guest;
}

/** The letters on somebody's disc. */
export function initials(person: Person): string {
  const words = nameOf(person).split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}

/** One of so many hues, the same on every page. */
export function hueOf(person: Person): number {
  return (Number.parseInt(person.key.slice(0, 6), 16) * 37) % 360;
}

/** In words, who has come and who has left. */
export function comings(before: Participant[], after: Participant[]): string {
  const missing = (among: Participant[], others: Participant[]) =>
    among.filter((person) => !others.some(({ key }) => key === person.key)).map(nameOf);
  const came = missing(after, before);
  const left = missing(before, after);
  return [came.length > 0 && t.came(came.join(", ")), left.length > 0 && t.left(left.join(", "))]
    .filter(Boolean)
    .join(" ");
}
