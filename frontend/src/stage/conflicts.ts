import type { ConflictDecision, ConflictInfo, ConflictPlace } from "../protocol.gen";

export type Choice = { take: "mine" | "theirs" | "both" } | { take: "edit"; text: string };

/** Choices of one file, by the number of the place; of a file as a whole, 0. */
export type Choices = Record<number, Choice>;

export function placesOf(conflict: ConflictInfo): ConflictPlace[] {
  return conflict.pieces.filter((piece) => typeof piece !== "string");
}

export function isDecided(conflict: ConflictInfo, choices: Choices): boolean {
  const count = conflict.pieces.length > 0 ? placesOf(conflict).length : 1;
  return Array.from({ length: count }, (_, number) => number).every((number) => choices[number]);
}

/** What the server is told: the whole text of a file, or the side that is taken. All is decided. */
export function decisionOf(conflict: ConflictInfo, choices: Choices): ConflictDecision {
  if (conflict.pieces.length === 0) {
    return { side: choices[0]?.take === "mine" ? "mine" : "theirs", text: null };
  }
  let number = 0;
  const text = conflict.pieces.map((piece) =>
    typeof piece === "string" ? piece : resolve(piece, choices[number++]),
  );
  return { side: null, text: text.join("") };
}

export function resolve(place: ConflictPlace, choice: Choice | undefined): string {
  switch (choice?.take) {
    case "mine":
      return place.mine;
    case "both":
      return withLineEnd(place.mine) + place.theirs;
    case "edit":
      return choice.text && place.theirs.endsWith("\n") ? withLineEnd(choice.text) : choice.text;
    default:
      return place.theirs;
  }
}

function withLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
