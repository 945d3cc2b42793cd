import type { EditedVersion } from "../protocol.gen";

/** What a person made of the version with this number, edit upon edit; null where it was not edited. */
export function latestEdit(edits: EditedVersion[], number: number): EditedVersion | null {
  const next = edits.findLast((edit) => edit.before === number && edit.number > number);
  return next ? (latestEdit(edits, next.number) ?? next) : null;
}
