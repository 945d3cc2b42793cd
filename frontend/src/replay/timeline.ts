import type { FilmChapter, FilmInfo, Frame } from "../protocol.gen";

/** Milliseconds that the end of a chapter stays, and between the typed prompt and what follows it. */
export const HOLD = 2000;
const BREATH = 400;

/** A chapter's stretch of the film, in milliseconds: its prompt is typed from `start`, its frames begin at `begins`. */
export interface Span {
  chapter: FilmChapter;
  start: number;
  begins: number;
  ends: number;
  end: number;
}

/** What the film is showing. `seq`: the newest frame of the chapter, 0 before the first. */
export interface Place {
  index: number;
  phase: "typing" | "making" | "end";
  /** Characters of the prompt. */
  typed: number;
  seq: number;
}

export function spansOf(film: FilmInfo): Span[] {
  let start = 0;
  return film.chapters.map((chapter) => {
    const begins = start + (chapter.typing > 0 ? chapter.typing + BREATH : 0);
    const ends = begins + chapter.length;
    const span = { chapter, start, begins, ends, end: ends + HOLD };
    start = span.end;
    return span;
  });
}

export function lengthOf(spans: readonly Span[]): number {
  return spans.at(-1)?.end ?? 0;
}

export function placeAt(spans: readonly Span[], time: number): Place {
  const found = spans.findIndex(({ end }) => time < end);
  const index = found < 0 ? spans.length - 1 : found;
  const span = spans[index];
  if (!span) return { index: 0, phase: "end", typed: 0, seq: 0 };
  const { chapter } = span;
  const { length } = chapter.prompt;
  const seq = seqAt(chapter.frames, time - span.begins);
  if (chapter.frames.length === 0 || time >= span.ends) return { index, phase: "end", typed: length, seq };
  if (time >= span.begins) return { index, phase: "making", typed: length, seq };
  const typed = Math.min(length, Math.ceil(((time - span.start) / chapter.typing) * length));
  return { index, phase: "typing", typed, seq: 0 };
}

/** The newest frame that is due, 0 for none. Frames are numbered from 1. */
function seqAt(frames: readonly Frame[], at: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle] as Frame).at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** "1:05", of milliseconds. */
export function clockOf(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The moment that an address names, in milliseconds: `#t=83.5`. Null for none. */
export function readMoment(hash: string): number | null {
  const found = /^#t=(\d{1,6}(?:\.\d{1,3})?)$/.exec(hash);
  return found ? Number(found[1]) * 1000 : null;
}

export function writeMoment(milliseconds: number): string {
  return `#t=${Math.round(milliseconds / 100) / 10}`;
}
