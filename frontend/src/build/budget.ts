import type { BuildInfo, BuildLimits, BuildUse } from "../protocol.gen";

export const NEAR = 0.85; // of a limit, from which on there is a warning

const NAMES = [
  "model_calls",
  "tool_calls",
  "seconds",
  "input_tokens",
  "output_tokens",
  "checks",
  "cost",
] as const;
export type BudgetName = (typeof NAMES)[number];

export interface Share {
  name: BudgetName;
  used: number;
  limit: number;
  /** 0 to 1. */
  part: number;
  isNear: boolean;
}

/** What is used of each limit there is, in the order in which it is shown. */
export function sharesOf(used: BuildUse, limits: BuildLimits): Share[] {
  return NAMES.flatMap((name) => {
    const limit = limits[name];
    if (!limit) return [];
    const part = Math.min(1, used[name] / limit);
    return [{ name, used: used[name], limit, part, isNear: part >= NEAR }];
  });
}

/** The one that will end first. */
export function tightest(shares: Share[]): Share | null {
  return shares.reduce<Share | null>((most, share) => (most && most.part >= share.part ? most : share), null);
}

/** The log and the server count the same, but one may be ahead. */
export function newestUse(told: BuildUse | null, info: BuildInfo): BuildUse {
  if (!told) return info.used;
  const { used } = info;
  const most = (name: BudgetName) => Math.max(told[name], used[name]);
  return {
    model_calls: most("model_calls"),
    tool_calls: most("tool_calls"),
    seconds: most("seconds"),
    input_tokens: most("input_tokens"),
    output_tokens: most("output_tokens"),
    checks: most("checks"),
    cost: most("cost"),
    is_estimated: told.is_estimated || used.is_estimated,
  };
}
