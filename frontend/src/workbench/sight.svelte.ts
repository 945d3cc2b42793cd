import type { ConversationDetail, RaceInfo, RunInfo, VersionRef } from "../protocol.gen";
import type { Races } from "../race/races.svelte";
import type { Pages, Shown } from "./pages";

export type Tab = "preview" | "steps" | "code" | "versions";
/** Which half of the workbench a narrow window shows. */
type Side = "conversation" | "result";

export interface Spot {
  path: string;
  line: number;
  column: number;
}

/** What there is to see. */
interface Known {
  readonly conversation: ConversationDetail | null;
  readonly path: RunInfo[];
  readonly last: RunInfo | null;
  readonly races: Races;
  readonly pages: Pages;
  /** The number of the newest version that came of the conversation's runs. */
  readonly saved: number;
  isOver(run: RunInfo): boolean;
}

/** What a person looks at: a page or a race on the stage, and where in it. */
export class Sight {
  tab = $state<Tab>("preview");
  file = $state<string | null>(null);
  /** Where in the file to look, until the reader looks elsewhere. */
  spot = $state.raw<Spot | null>(null);
  /** The step whose files the stage shows; null: the newest. */
  step = $state<number | null>(null);
  place = $state<Side>("conversation");
  /** The artifact's newest version, as the list of versions has it. */
  listed = $state.raw<VersionRef | null>(null);
  /** The run that was chosen. */
  #chosen = $state<string | null>(null);
  /** The race that was opened; null: it was put away; undefined: nobody has said. */
  #race = $state<string | null | undefined>(undefined);
  /** A version that was opened from the list. */
  #version = $state.raw<VersionRef | null>(null);
  #known: Known;

  race = $derived.by(() => this.#findRace());
  shown = $derived.by(() => this.#findShown());

  constructor(known: Known) {
    this.#known = known;
  }

  /** Another conversation was opened. */
  reset(): void {
    this.letRaceShow();
    this.file = null;
    this.step = null;
    this.spot = null;
    this.listed = null;
    this.backToNewest();
    if (this.tab === "versions" || this.tab === "steps") this.tab = "preview";
    this.place = "conversation";
  }

  /** Put a run's page on the stage, or one of its files. */
  show(run: RunInfo, tab: Tab, file: string | null = null): void {
    this.putRaceAway();
    this.#version = null;
    this.#chosen = run.id;
    this.tab = tab;
    this.file = file;
    this.spot = null;
    this.place = "result";
  }

  /** Put the files of a build on the stage, as they were after a step. */
  showStep(run: RunInfo, step: number | null): void {
    this.show(run, "steps");
    this.step = step;
  }

  /** Put a version on the stage. The page that this branch has made last stays as it is. */
  showVersion(version: VersionRef): void {
    this.backToNewest();
    this.putRaceAway();
    if (this.shown.version?.number !== version.number) this.#version = version;
    this.tab = "preview";
    this.file = null;
    this.spot = null;
  }

  /** A version was made the newest once more. */
  showRestored(version: VersionRef): void {
    this.listed = version;
    this.#chosen = null;
    this.#version = version;
  }

  /** The artifact's newest version, be it of this branch or not. */
  showNewest(): void {
    if (this.listed && this.listed.number > this.#known.saved) this.showVersion(this.listed);
    else this.backToNewest();
  }

  /** What this branch has made last. */
  backToNewest(): void {
    this.#chosen = null;
    this.#version = null;
  }

  /** Put a race's lanes on the stage. */
  showRace(race: RaceInfo): void {
    this.#race = race.id;
  }

  /** In a narrow window, too. */
  openRace(race: RaceInfo): void {
    this.showRace(race);
    this.place = "result";
  }

  putRaceAway(): void {
    this.#race = null;
  }

  /** A race shows by itself as long as nothing of it is kept. */
  letRaceShow(): void {
    this.#race = undefined;
  }

  /** The race that was opened, else the newest wish's as long as nothing of it is kept. */
  #findRace(): RaceInfo | null {
    const { races, last } = this.#known;
    if (this.#race) return races.all.find(({ id }) => id === this.#race) ?? null;
    const race = last && races.of(last);
    return this.#race === undefined && race?.kept === null ? race : null;
  }

  #findShown(): Shown {
    const { path, pages, last } = this.#known;
    if (this.#version) return pages.ofVersion(this.#version);
    const chosen = path.find((run) => run.id === this.#chosen);
    const run = chosen ?? path.findLast((candidate) => pages.has(candidate));
    if (run) {
      const shown = pages.of(run);
      const edit = shown.isRunning || chosen ? null : pages.editOf(shown.version);
      if (edit) return pages.ofVersion(edit);
      const newest = path.findLast((candidate) => pages.versionOf(candidate) !== null);
      const isReplaced = newest?.id !== run.id || pages.editOf(shown.version) !== null;
      return { ...shown, isEarlier: shown.version !== null && !shown.isRunning && isReplaced };
    }
    const base = this.#known.conversation?.base ?? null;
    return {
      ...pages.ofVersion(pages.editOf(base) ?? base),
      isRunning: last !== null && !this.#known.isOver(last),
    };
  }
}
