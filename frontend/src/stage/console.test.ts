import { expect, test } from "vitest";
import type { Report } from "../bridge/bridge";
import { addReports, clearEntries, emptyLog, isBroken, levelOf, MOST_ENTRIES } from "./console";

const say = (text: string, level: "log" | "warn" | "error" = "log"): Report => ({
  type: "console",
  level,
  text,
  source: null,
});
const fail = (text: string): Report => ({ type: "error", kind: "uncaught", text, stack: "", source: null });
const block = (url: string, directive = "connect-src"): Report => ({
  type: "blocked",
  url,
  directive,
  source: null,
});

test("a line that comes again in a row is counted", () => {
  const log = addReports(addReports(emptyLog(), [say("a"), say("a"), say("b")]), [say("b"), say("a")]);
  expect(log.entries.map(({ report, count }) => [report.type === "console" && report.text, count])).toEqual([
    ["a", 2],
    ["b", 2],
    ["a", 1],
  ]);
  expect(new Set(log.entries.map(({ id }) => id)).size).toBe(3);
});

test("the log it came from stays as it was", () => {
  const before = addReports(emptyLog(), [say("a")]);
  addReports(before, [say("a"), fail("x"), block("https://a.example/")]);
  expect(before.entries).toHaveLength(1);
  expect(before.entries[0]?.count).toBe(1);
  expect([before.problems, before.hosts]).toEqual([[], []]);
});

test("only so many lines are kept, each with an id of its own", () => {
  let log = emptyLog();
  for (let batch = 0; batch < 4; batch += 1) {
    const lines = Array.from({ length: 200 }, (_, index) => say(`${batch}:${index}`));
    log = addReports(log, lines);
  }
  expect(log.entries).toHaveLength(MOST_ENTRIES);
  expect(log.dropped).toBe(300);
  expect(log.entries.at(-1)?.report).toMatchObject({ text: "3:199" });
  expect(new Set(log.entries.map(({ id }) => id)).size).toBe(MOST_ENTRIES);
});

test("errors and warnings are counted, problems are distinct and outlive their lines", () => {
  const many = Array.from({ length: 600 }, (_, index) => say(`${index}`));
  const log = addReports(emptyLog(), [fail("x"), say("!", "warn"), fail("x"), say("bad", "error"), ...many]);
  expect([log.errors, log.warnings]).toEqual([3, 1]);
  expect(log.problems).toEqual([fail("x"), say("bad", "error")]);
  expect(clearEntries(log)).toMatchObject({ entries: [], errors: 3, problems: log.problems });
});

test("what is no line of the console leaves no trace", () => {
  expect(addReports(emptyLog(), [{ type: "link", url: "https://a.example/" }])).toEqual(emptyLog());
  expect(levelOf({ type: "note", url: "", text: "" })).toBe("warn");
  expect(levelOf({ type: "dialog", kind: "alert", text: "" })).toBe("info");
});

test("blocked hosts are listed once", () => {
  const log = addReports(emptyLog(), [block("https://a.example/1"), block("https://a.example/2")]);
  expect(log.hosts).toEqual(["a.example"]);
});

test("a page is broken by errors and missing files, not by what it logs or may not reach", () => {
  expect(isBroken(addReports(emptyLog(), [say("bad", "error"), block("https://a.example/")]))).toBe(false);
  expect(isBroken(addReports(emptyLog(), [fail("x")]))).toBe(true);
});
