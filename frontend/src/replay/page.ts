import type { FilmChapter } from "../protocol.gen";
import type { Place } from "./timeline";

/** What the frame is to show. With the same `key`, the page that is there stays, though the film has gone on. */
export type Shown =
  | { kind: "nothing"; key: string }
  | { kind: "url"; key: string; url: string }
  /** A build's page after a step: its address is asked for. */
  | { kind: "step"; key: string; number: number; step: number };

/** How the film runs. `turn` counts whatever makes a page that is being written start over: another pace, another place. */
export interface Motion {
  isPlaying: boolean;
  speed: number;
  turn: number;
}

const NOTHING: Shown = { kind: "nothing", key: "nothing" };

/**
 * The page at a place of the film. While a page is written and the film runs, the server goes on with it at the same
 * pace; else it is shown as it stands.
 */
export function pageAt(chapter: FilmChapter, place: Place, motion: Motion): Shown {
  const { version } = chapter;
  const name = `${version.artifact} ${version.number}`;
  if (place.phase === "end") return { kind: "url", key: `${name} whole`, url: version.frame_url };
  const look = chapter.looks.findLast(({ seq }) => seq <= place.seq);
  if (chapter.kind === "build") {
    if (look) return step(name, chapter, look.step ?? 0);
    return version.parent === null ? NOTHING : step(name, chapter, 0);
  }
  if (!look) return version.parent === null ? NOTHING : still(name, chapter, 0);
  if (!look.streams) return still(name, chapter, look.seq);
  if (!motion.isPlaying) return still(name, chapter, place.seq);
  const pace = Math.round(motion.speed * 100);
  return {
    kind: "url",
    key: `${name} ${look.seq} ${motion.turn}`,
    url: `${chapter.page_url}${place.seq}x${pace}/`,
  };
}

function still(name: string, { page_url }: FilmChapter, seq: number): Shown {
  return { kind: "url", key: `${name} still ${seq}`, url: `${page_url}${seq}x0/` };
}

function step(name: string, { version }: FilmChapter, number: number): Shown {
  return { kind: "step", key: `${name} step ${number}`, number: version.number, step: number };
}
