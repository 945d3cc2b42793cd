import { readDraft } from "../build/arguments";
import type { BuildView } from "../build/fold";
import { changesOf } from "../build/timeline";
import { applyFrames, emptyRun, type FileView, type RunView } from "../lib/run";
import type { FilmChapter } from "../protocol.gen";

const WRITING = ["write_file", "edit_file"];

/** A chapter as far as the film has come: the same fold as of a run that is written now. */
export class Making {
  readonly #chapter: FilmChapter;
  #view: RunView;

  constructor(chapter: FilmChapter) {
    this.#chapter = chapter;
    this.#view = this.#begin();
  }

  /** After frame `seq`. Going back starts over. */
  at(seq: number): RunView {
    if (seq < this.#view.seq) this.#view = this.#begin();
    if (seq > this.#view.seq) {
      this.#view = applyFrames(this.#view, this.#chapter.frames.slice(this.#view.seq, seq));
    }
    return this.#view;
  }

  #begin(): RunView {
    const { kind, version } = this.#chapter;
    return emptyRun({
      id: `${version.artifact} ${version.number}`,
      kind: kind === "build" ? "build" : "chat",
      model: version.model,
    });
  }
}

/** What was written so far, and below it what the version goes on from. */
export function filesAt(run: RunView, base: FileView[]): FileView[] {
  const written = Object.values(run.files);
  return [...written, ...base.filter(({ path }) => !(path in run.files))];
}

/** The file that a build is at work on, else the one that it changed last. */
export function touchedAt({ writing, entries }: BuildView): string | null {
  const draft = writing && WRITING.includes(writing.tool) ? readDraft(writing.text).path : "";
  if (draft) return draft;
  const changes = entries.flatMap((entry) => (entry.kind === "step" ? changesOf(entry) : []));
  return changes.findLast(({ after }) => after !== null)?.path ?? null;
}

/** How much of the chapter is written by frame `seq`, from 0 to 1. */
export function shareAt({ frames }: FilmChapter, seq: number): number {
  let before = 0;
  let after = 0;
  for (const frame of frames) {
    const { event } = frame;
    const length = "text" in event && event.type !== "build.answered" ? event.text.length : 0;
    if (frame.seq <= seq) before += length;
    else after += length;
  }
  return before + after === 0 ? 1 : before / (before + after);
}
