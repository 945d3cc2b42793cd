import { describe, expect, it } from "vitest";
import type { CheckInfo } from "../protocol.gen";
import { composeCheckFix, firstFailure, isPending } from "./check";

const check: CheckInfo = {
  state: "done",
  verdict: "usable",
  words: "Usable",
  why: "",
  install: "",
  gates: [
    { name: "loads", title: "Loads", outcome: "passed", text: "" },
    { name: "exceptions", title: "No exceptions", outcome: "failed", text: "1 in all." },
    { name: "phone", title: "Fits a phone", outcome: "warned", text: "" },
  ],
  problems: [
    { kind: "console", text: "no sprite", path: "", line: 0, column: 0 },
    { kind: "exception", text: "missing is not defined", path: "game.js", line: 2, column: 3 },
  ],
  numbers: {},
  pictures: { thumbnail: null, film: null, shots: {} },
  level: "",
  browser: "",
  seed: 1,
  seconds: null,
  checked_at: null,
};
const files = [{ path: "game.js", language: "", text: "let a;\n  missing();\n", state: "complete" as const }];

describe("the wish of a check", () => {
  it("tells an exception with the lines concerned, and nothing else", () => {
    const wish = composeCheckFix(check, files) ?? "";
    expect(wish).toContain("missing is not defined (game.js:2:3)");
    expect(wish).toContain("> 2 |   missing();");
    expect(wish).not.toContain("no sprite");
  });

  it("tells any other gate by its evidence", () => {
    const gates = [
      { name: "shows", title: "Shows something", outcome: "failed" as const, text: "It is blank." },
    ];
    expect(composeCheckFix({ ...check, gates }, files)).toContain("Shows something: It is blank.");
  });

  it("asks for nothing where no gate failed", () => {
    const gates = check.gates.filter(({ outcome }) => outcome !== "failed");
    expect(firstFailure({ ...check, gates })).toBeNull();
    expect(composeCheckFix({ ...check, gates }, files)).toBeNull();
  });

  it("waits for what is queued or runs", () => {
    expect(isPending({ ...check, state: "queued" })).toBe(true);
    expect(isPending({ ...check, state: "running" })).toBe(true);
    expect(isPending(check)).toBe(false);
    expect(isPending(null)).toBe(false);
  });
});
