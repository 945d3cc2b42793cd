/** What has to be appended to `shown` so that it becomes `wanted`; null where it is no mere continuation. */
export function tailOf(shown: { length: number; end: string }, wanted: string): string | null {
  const { length, end } = shown;
  if (wanted.length < length || wanted.slice(length - end.length, length) !== end) return null;
  return wanted.slice(length);
}

/** How many characters of the end are compared: all would cost more with each delta. */
export const COMPARED = 64;
