import { t } from "../i18n";
import type { RaceInfo } from "../protocol.gen";
import { letterOf } from "./lanes";

/** The vote in words; empty as long as there is none. */
export function verdictOf(race: RaceInfo): string {
  if (race.verdict === "best") return t.race.verdict.best(letterOf(race, race.best ?? ""));
  return race.verdict ? t.race.verdict[race.verdict] : "";
}
