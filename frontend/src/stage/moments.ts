/** Moments of the wire (ISO 8601, UTC) as `<input type="datetime-local">` has them: the person's own time, in minutes. */

/** "" for none. */
export function toLocal(moment: string | null): string {
  if (moment === null) return "";
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocal(value: string): string {
  return new Date(value).toISOString();
}
