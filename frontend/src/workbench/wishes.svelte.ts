import { buildApi, type StopMode } from "../build/api";
import type { Builds } from "../build/builds.svelte";
import type { BuildNotices } from "../build/notices.svelte";
import { api, problem } from "../lib/api";
import { isUnkept } from "../lib/branches";
import { readBack } from "../lib/images";
import type {
  BuildInfo,
  BuildRequest,
  ConversationDetail,
  ModelInfo,
  Place,
  RaceDetail,
  RunInfo,
  RunRequest,
} from "../protocol.gen";
import type { Together } from "../together/together.svelte";
import type { Attempts } from "./attempts.svelte";
import { preferences } from "./preferences.svelte";

/** What a wish goes on from, and where its runs go. */
interface Bench {
  readonly attempts: Attempts;
  readonly builds: Builds;
  readonly notices: BuildNotices;
  readonly together: Together;
  readonly conversation: ConversationDetail | null;
  readonly model: ModelInfo | null;
  readonly racers: ModelInfo[];
  readonly last: RunInfo | null;
  readonly editing: RunInfo | null;
  accept(runs: RunInfo[]): Promise<void>;
  acceptRace(race: RaceDetail): Promise<void>;
  replace(run: RunInfo): void;
}

/** What is wished for in a conversation, and what is done to the runs that answer.
 *
 * What gives a boolean is true when it was accepted. A refusal stands in `attempts`, and the wish is the caller's to keep.
 */
export class Wishes {
  isCondensing = $state(false);
  #bench: Bench;
  #attempts: Attempts;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.#attempts = bench.attempts;
  }

  async send(prompt: string, images: string[] = [], places: Place[] = []): Promise<boolean> {
    return this.#begin({
      prompt,
      images,
      places,
      parent: this.#findParent(),
      follows: this.#bench.editing === null,
    });
  }

  /** Give the wish to all racers at once. */
  async race(prompt: string, images: string[], places: Place[]): Promise<boolean> {
    return this.#attempts.make(async () => {
      const race = await api.startRace({
        prompt,
        images,
        places,
        parent: this.#findParent(),
        conversation: this.#bench.conversation?.id ?? null,
        models: this.#bench.racers.map((model) => model.id),
        blind: preferences.blind,
        sampling: preferences.sampling,
      });
      await this.#bench.acceptRace(race);
    });
  }

  /** Have it built over many steps. */
  async build(prompt: string, images: string[], places: Place[], checklist: string[]): Promise<boolean> {
    return this.#startBuild({
      prompt,
      images,
      places,
      checklist,
      engine: preferences.engine,
      parent: this.#findParent(),
      follows: this.#bench.editing === null,
    });
  }

  /** The same wish once more, as a branch beside the first answer. */
  async regenerate(run: RunInfo): Promise<void> {
    const { prompt, places, parent, build } = run;
    try {
      if (build) await this.#startBuild({ prompt, places, parent, ...again(build) });
      else await this.#begin({ prompt, places, parent, images: await readBack(run.images) });
    } catch {
      this.#attempts.refusal = problem("offline", ""); // its images could not be read again
    }
  }

  /** Go on where an answer was cut, as a branch that begins with what was received. */
  async continueRun(run: RunInfo): Promise<void> {
    await this.#begin({ prompt: run.prompt, parent: run.parent, continues: run.id });
  }

  /** A build that goes on from a step of this one; `isRewind` stops this one first. */
  async fork(run: RunInfo, step: number, prompt: string, isRewind: boolean): Promise<boolean> {
    const ask = isRewind ? buildApi.rewind : buildApi.fork;
    return this.#attempts.make(async () => this.#acceptBuild(await ask(run.id, { step, prompt })));
  }

  /** Say something to a build that runs. */
  async tell(run: RunInfo, text: string): Promise<boolean> {
    return this.#attempts.make(() => this.#bench.builds.tell(run.id, text));
  }

  async stopBuild(run: RunInfo, mode: StopMode): Promise<void> {
    await this.#bench.builds.stop(run.id, mode).catch(this.#attempts.refuse);
  }

  /** Stop the run; of a race, all lanes. */
  async cancel(run: RunInfo): Promise<void> {
    const cancelled = run.race ? api.cancelRace(run.race) : api.cancelRun(run.id);
    await cancelled.catch(this.#attempts.refuse);
  }

  async cancelLane(run: RunInfo): Promise<void> {
    await api.cancelRun(run.id).catch(this.#attempts.refuse);
  }

  /** Remove a wish from the queue. */
  async takeBack(run: RunInfo): Promise<void> {
    await api.cancelRun(run.id).then(() => this.#bench.together.remove(run), this.#attempts.refuse);
  }

  /** Have what was said before the latest exchange told to the model as a summary. */
  async condense(run: RunInfo): Promise<void> {
    this.isCondensing = true;
    try {
      this.#bench.replace(await api.condense(run.id, this.#bench.model?.id ?? null));
    } catch (error) {
      this.#attempts.refuse(error);
    } finally {
      this.isCondensing = false;
    }
  }

  async undoCondensation(run: RunInfo): Promise<void> {
    await api.undoCondensation(run.id).then((fresh) => this.#bench.replace(fresh), this.#attempts.refuse);
  }

  async #begin(wish: RunRequest): Promise<boolean> {
    return this.#attempts.make(async () => {
      const run = await api.startRun({
        ...wish,
        conversation: this.#bench.conversation?.id ?? null,
        model: this.#bench.model?.id ?? null,
        sampling: preferences.sampling,
      });
      await this.#bench.accept([run]);
    });
  }

  async #startBuild(wish: Omit<BuildRequest, "kind">): Promise<boolean> {
    return this.#attempts.make(async () => {
      const run = await buildApi.start({
        ...wish,
        kind: "build",
        conversation: this.#bench.conversation?.id ?? null,
        model: this.#builder(),
        sampling: preferences.sampling,
      });
      await this.#acceptBuild(run);
    });
  }

  async #acceptBuild(run: RunInfo): Promise<void> {
    this.#bench.notices.expect(run);
    await this.#bench.accept([run]);
  }

  /** Null lets the server choose: what stands first may be the reel, which cannot build. */
  #builder(): number | null {
    const { model } = this.#bench;
    const isChosen = model?.id === preferences.model;
    return model && (isChosen || !model.is_demo) ? model.id : null;
  }

  /** From a lane that nobody has kept, a wish cannot go on: it goes on from before the race. */
  #findParent(): string | null {
    const { editing, last } = this.#bench;
    if (editing) return editing.parent;
    if (!last) return null;
    return isUnkept(last) ? last.parent : last.id;
  }
}

function again({ checklist, engine }: BuildInfo): Pick<BuildRequest, "checklist" | "engine"> {
  return { checklist: checklist.map(({ text }) => text), engine };
}
