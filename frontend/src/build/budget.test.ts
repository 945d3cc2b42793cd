import { describe, expect, it } from "vitest";
import type { BuildInfo, BuildLimits, BuildUse } from "../protocol.gen";
import { newestUse, sharesOf, tightest } from "./budget";

const LIMITS: BuildLimits = {
  model_calls: 60,
  tool_calls: 150,
  seconds: 2700,
  input_tokens: 1000,
  output_tokens: 100,
  checks: 0,
  cost: null,
};
const USED: BuildUse = {
  model_calls: 6,
  tool_calls: 3,
  seconds: 270,
  input_tokens: 860,
  output_tokens: 120,
  checks: 2,
  cost: 3,
  is_estimated: false,
};

describe("sharesOf", () => {
  const shares = sharesOf(USED, LIMITS);

  it("leaves out what has no limit", () => {
    expect(shares.map(({ name }) => name)).toEqual([
      "model_calls",
      "tool_calls",
      "seconds",
      "input_tokens",
      "output_tokens",
    ]);
  });

  it("warns from 85 percent on", () => {
    expect(shares.filter(({ isNear }) => isNear).map(({ name, part }) => [name, part])).toEqual([
      ["input_tokens", 0.86],
      ["output_tokens", 1],
    ]);
    expect(tightest(shares)?.name).toBe("output_tokens");
    expect(tightest([])).toBeNull();
  });
});

it("takes the later of two counts", () => {
  const info = { used: { ...USED, model_calls: 7, seconds: 1 } } as BuildInfo;
  expect(newestUse(USED, info)).toMatchObject({ model_calls: 7, seconds: 270 });
  expect(newestUse(null, info)).toBe(info.used);
});
