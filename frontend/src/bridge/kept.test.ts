import { describe, expect, test } from "vitest";
import { Kept, type StorageMessage } from "./kept";
import { LIMITS } from "./messages";

const change = (changes: StorageMessage["changes"], clear = false, area: "local" | "session" = "local") =>
  ({ type: "storage", area, clear, changes }) as const;

test("changes are applied in their order, and a name may be __proto__", () => {
  const kept = new Kept();
  kept.apply(
    change([
      ["a", "1"],
      ["a", "22"],
      ["b", "3"],
      ["b", null],
      ["__proto__", "x"],
    ]),
  );
  expect(JSON.stringify(kept.local.toRecord())).toBe('{"a":"22","__proto__":"x"}');
  expect(kept.local.size).toBe("a22".length + "__proto__x".length);
});

test("clear comes before the changes, and only in its area", () => {
  const kept = new Kept();
  kept.apply(change([["a", "1"]]));
  kept.apply(change([["s", "1"]], false, "session"));
  kept.apply(change([["b", "2"]], true));
  expect(kept.local.toRecord()).toEqual({ b: "2" });
  expect(kept.session.toRecord()).toEqual({ s: "1" });
});

describe("the quota", () => {
  const much = "x".repeat(LIMITS.storage - 10);

  test("counts both areas together and leaves everything as it was", () => {
    const kept = new Kept();
    expect(kept.apply(change([["a", much]]))).toBe(true);
    expect(kept.apply(change([["b", "1234567890"]], false, "session"))).toBe(false);
    expect(
      kept.apply(
        change([
          ["a", `${much}y`],
          ["c", "1234567890"],
        ]),
      ),
    ).toBe(false);
    expect(kept.local.toRecord()).toEqual({ a: much });
    expect(kept.session.toRecord()).toEqual({});
  });

  test("a refused clear clears nothing", () => {
    const kept = new Kept();
    kept.apply(change([["s", much]], false, "session"));
    kept.apply(change([["a", "1"]]));
    expect(kept.apply(change([["b", "1234567890"]], true))).toBe(false);
    expect(kept.local.toRecord()).toEqual({ a: "1" });
  });

  test("room that was freed can be used", () => {
    const kept = new Kept();
    kept.apply(change([["a", much]]));
    expect(kept.apply(change([["b", much]], true))).toBe(true);
    expect(kept.size).toBe(much.length + 1);
  });
});
