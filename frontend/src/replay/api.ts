import { send } from "../lib/api";
import type { Branched, FilmInfo, FilmStep, ModelInfo } from "../protocol.gen";

function address(artifact: string, number: number): string {
  return `/api/artifacts/${artifact}/versions/${number}/replay`;
}

/** Throw ApiError. */
export const filmApi = {
  getFilm: (artifact: string, number: number) => send<FilmInfo>("GET", address(artifact, number)),
  getStep: (artifact: string, number: number, step: number) =>
    send<FilmStep>("GET", `${address(artifact, number)}/steps/${step}`),
  branch: (artifact: string, number: number, seq: number, model: number | null) =>
    send<Branched>("POST", `${address(artifact, number)}/branch`, { seq, model }),
  listModels: () => send<ModelInfo[]>("GET", "/api/models"),
};
