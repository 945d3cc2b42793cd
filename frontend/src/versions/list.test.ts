import { describe, expect, it } from "vitest";
import type { VersionPage, VersionSummary } from "../protocol.gen";
import { counterpartOf, extend, type Known, kindOf, NOTHING, renew, replace } from "./list";

function version(number: number, more: Partial<VersionSummary> = {}): VersionSummary {
  return { artifact: "a", number, parent: null, source: null, label: "", ...more } as VersionSummary;
}

function page(from: number, to: number, more: Partial<VersionPage> = {}): VersionPage {
  const versions = Array.from({ length: from - to + 1 }, (_, index) => version(from - index));
  return { versions, newest: from, before: to > 1 ? to : null, is_mine: true, ...more };
}

const numbers = (known: Known) => known.versions.map(({ number }) => number);

describe("what is known of the versions", () => {
  it("begins with the newest page and grows downwards", () => {
    const known = renew(NOTHING, page(5, 3));
    expect([numbers(known), known.before, known.newest]).toEqual([[5, 4, 3], 3, 5]);
    const all = extend(known, page(2, 1, { newest: 5 }));
    expect([numbers(all), all.before, all.newest]).toEqual([[5, 4, 3, 2, 1], null, 5]);
  });

  it("keeps earlier versions when the newest page is read again", () => {
    const all = extend(renew(NOTHING, page(5, 3)), page(2, 1));
    const known = renew(all, page(6, 4));
    expect([numbers(known), known.before]).toEqual([[6, 5, 4, 3, 2, 1], null]);
  });

  it("never shows a gap: then it begins anew", () => {
    const known = renew(renew(NOTHING, page(5, 3)), page(40, 11));
    expect([known.versions.at(-1)?.number, known.before]).toEqual([11, 11]);
  });

  it("takes a page that came twice once", () => {
    const known = renew(NOTHING, page(5, 3));
    expect(numbers(extend(extend(known, page(2, 1)), page(2, 1)))).toEqual([5, 4, 3, 2, 1]);
  });

  it("replaces a version that has been named", () => {
    const known = replace(renew(NOTHING, page(2, 1)), version(1, { label: "calm" }));
    expect(known.versions.map(({ label }) => label)).toEqual(["", "calm"]);
  });
});

describe("what a version is compared with", () => {
  it("is what it was made from", () => {
    expect(counterpartOf(version(5, { parent: 2 }), 5)).toEqual({ artifact: "a", number: 2 });
    const source = { artifact: "b", number: 7 } as VersionSummary["source"];
    expect(counterpartOf(version(1, { source }), 1)).toEqual({ artifact: "b", number: 7 });
  });

  it("is a neighbour where that is not known", () => {
    expect(counterpartOf(version(3), 3)).toEqual({ artifact: "a", number: 2 });
    expect(counterpartOf(version(1), 3)).toEqual({ artifact: "a", number: 2 });
    expect(counterpartOf(version(1), 1)).toBeNull();
  });
});

it("kinds have names", () => {
  expect(["index.html", "App.tsx", "a/logo.svg", "data.csv", "LICENSE"].map(kindOf)).toEqual([
    "HTML",
    "React",
    "SVG",
    "CSV",
    "",
  ]);
});
