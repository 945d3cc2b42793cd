import { api } from "../lib/api";
import type { RaceDetail, RaceInfo, RunInfo, Vote } from "../protocol.gen";
import type { Attempts } from "../workbench/attempts.svelte";
import type { Conversations } from "../workbench/conversations.svelte";
import type { Pages } from "../workbench/pages";
import type { Sight } from "../workbench/sight.svelte";
import type { RunViews } from "../workbench/views.svelte";

/** Where the lanes run. */
interface Bench {
  runs: RunInfo[];
  readonly attempts: Attempts;
  readonly conversations: Conversations;
  readonly pages: Pages;
  readonly sight: Sight;
  readonly views: RunViews;
  walkTo(run: RunInfo): void;
}

/** The races of the conversation. */
export class Races {
  all = $state.raw<RaceInfo[]>([]);
  #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** The race that a run is in. */
  of(run: RunInfo): RaceInfo | null {
    return this.all.find(({ id }) => id === run.race) ?? null;
  }

  lanesOf(race: RaceInfo): RunInfo[] {
    return this.#bench.runs.filter((run) => run.race === race.id).sort(byLane(race));
  }

  /** The lanes of the race that the run is in; else the run alone. */
  lanesBeside(run: RunInfo): RunInfo[] {
    const race = this.of(run);
    return race ? this.lanesOf(race) : [run];
  }

  async vote(race: RaceInfo, vote: Vote): Promise<void> {
    const isAccepted = await this.#bench.attempts.make(async () => this.#take(await api.vote(race.id, vote)));
    if (!isAccepted) await this.refresh(); // another tab may have voted
  }

  /** Make the lane's version, and go on from it. */
  async keep(race: RaceInfo, run: RunInfo): Promise<void> {
    const { attempts, pages, sight, conversations } = this.#bench;
    const isAccepted = await attempts.make(async () => this.#take(await api.keep(race.id, run.id)));
    if (!isAccepted) return;
    pages.forget(run); // what is saved may be more than was shown
    this.#bench.walkTo(run);
    sight.putRaceAway();
    await conversations.refresh();
  }

  /** What another tab may have decided meanwhile. */
  async refresh(): Promise<void> {
    const { race } = this.#bench.sight;
    if (document.hidden || race === null || race.kept) return;
    const detail = await api.getRace(race.id).catch(() => null);
    if (detail) this.#take(detail);
  }

  #take({ runs, ...race }: RaceDetail): void {
    const bench = this.#bench;
    const before = this.all.find(({ id }) => id === race.id);
    this.all = this.all.map((other) => (other.id === race.id ? race : other));
    bench.runs = bench.runs.map((run) => runs.find(({ id }) => id === run.id) ?? run);
    if (before?.is_veiled && !race.is_veiled) for (const run of runs) bench.views.retell(run);
  }
}

export function byLane(race: RaceInfo): (one: RunInfo, other: RunInfo) => number {
  return (one, other) => race.lanes.indexOf(one.id) - race.lanes.indexOf(other.id);
}
