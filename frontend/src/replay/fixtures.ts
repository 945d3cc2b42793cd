import type { Event, FilmChapter, FilmInfo, VersionSummary } from "../protocol.gen";

/** Films for tests. */
export function filmOf(...chapters: FilmChapter[]): FilmInfo {
  return { title: "A page", chapters, earlier: null };
}

/** A page that is written in these pieces, one each second. */
export function chapterOf(number: number, pieces: string[], more: Partial<FilmChapter> = {}): FilmChapter {
  const path = "index.html";
  const events: Event[] =
    pieces.length === 0
      ? []
      : [
          { type: "file.opened", path, language: "html", is_edit: false },
          ...pieces.map((text): Event => ({ type: "file.delta", path, text })),
          { type: "file.closed", path, complete: true },
          { type: "run.finished", reason: "stop" },
        ];
  const frames = events.map((event, index) => ({ run: "", seq: index + 1, at: index * 1000, event }));
  return {
    version: versionOf(number),
    prompt: "",
    kind: "answer",
    is_forgotten: false,
    typing: 0,
    length: frames.at(-1)?.at ?? 0,
    recorded: null,
    frames,
    looks: pieces.length === 0 ? [] : [{ seq: 1, streams: true, step: null }],
    page_url: "http://film/",
    ...more,
  };
}

export function versionOf(number: number): VersionSummary {
  return {
    artifact: "a",
    number,
    url: `http://app/a/a/v/${number}`,
    frame_url: `http://a/v/${number}/`,
    title: "A page",
    entry: "index.html",
    maker: "model",
    label: "",
    prompt: "",
    model: "m",
    is_demo: false,
    author: "",
    created_at: "2026-01-01T00:00:00Z",
    parent: number > 1 ? number - 1 : null,
    source: null,
    changes: null,
    picture: "",
  };
}
