import type { FilmStep } from "../protocol.gen";
import { filmApi } from "./api";

/** The files of builds after their steps, each asked for once. */
export class Steps {
  #known = $state.raw<Record<string, FilmStep>>({});
  readonly #asked = new Map<string, Promise<FilmStep>>();
  readonly #artifact: string;

  constructor(artifact: string) {
    this.#artifact = artifact;
  }

  /** Null as long as it is not there. */
  find(number: number, step: number): FilmStep | null {
    return this.#known[`${number} ${step}`] ?? null;
  }

  /** Throws ApiError. */
  load(number: number, step: number): Promise<FilmStep> {
    const key = `${number} ${step}`;
    const asked = this.#asked.get(key) ?? filmApi.getStep(this.#artifact, number, step);
    this.#asked.set(key, asked);
    asked.then(
      (found) => {
        this.#known = { ...this.#known, [key]: found };
      },
      () => this.#asked.delete(key),
    );
    return asked;
  }
}
