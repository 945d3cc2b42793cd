import { expect, test } from "vitest";
import { LIMITS } from "../bridge/messages";
import { render, renderAll, renderTable } from "./rendering";

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}
const ring: Record<string, unknown> = { name: "ring" };
ring.self = ring;

test.each<[unknown, string]>([
  ["text", "text"],
  [1, "1"],
  [-0, "-0"],
  [10n, "10n"],
  [null, "null"],
  [undefined, "undefined"],
  [Symbol("s"), "Symbol(s)"],
  [["a", 1], '["a", 1]'],
  [{ a: { b: { c: { d: 1 } } }, "x y": true }, '{a: {b: {c: {…}}}, "x y": true}'],
  [new Point(1, 2), "Point {x: 1, y: 2}"],
  [Object.create(null), "{}"],
  [new Map([["a", [1]]]), 'Map(1) {"a" => [1]}'],
  [new Set([1, 2]), "Set(2) {1, 2}"],
  [new Uint8Array([1, 2, 3]), "Uint8Array(3) [1, 2, 3]"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
  [new Date(Number.NaN), "Invalid Date"],
  [/a/g, "/a/g"],
  [function name() {}, "ƒ name()"],
  [ring, '{name: "ring", self: [circular]}'],
])("%# is shown", (value, text) => {
  expect(render(value)).toBe(text);
});

test("getters are not called", () => {
  let calls = 0;
  const value = {
    get secret() {
      calls += 1;
      return 1;
    },
  };
  expect(render(value)).toBe("{secret: (…)}");
  expect(calls).toBe(0);
});

test("long things are cut", () => {
  const numbers = Array.from({ length: 80 }, (_, at) => at);
  expect(render(numbers)).toMatch(/49, … 30 more\]$/);
  expect(renderAll(["x".repeat(20_000), "y"])).toHaveLength(LIMITS.text);
  expect(render({ a: "x".repeat(1000) }).length).toBeLessThan(600);
});

test("what cannot be read is no failure", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(render(proxy)).toBe("[unreadable]");
});

test("errors come with their stack and cause", () => {
  const text = render(new TypeError("bad", { cause: new Error("root") }));
  expect(text).toMatch(/^TypeError: bad\n {4}at /);
  expect(text).toMatch(/Caused by: Error: root$/);
});

test("marks in the first text are filled in", () => {
  expect(renderAll(["%s is %d%% %o %c!", "it", 4.6, { a: 1 }, "color: red", "rest"])).toBe(
    "it is 4% {a: 1} ! rest",
  );
  expect(renderAll(["%s", "a", "b"])).toBe("a b");
  expect(renderAll(["100%", 1])).toBe("100% 1");
  expect(renderAll([])).toBe("");
});

test("tables", () => {
  expect(renderTable([{ a: 1 }, { a: 2, b: "x" }], undefined)).toBe(' | a | b\n0 | 1 | \n1 | 2 | "x"');
  expect(renderTable([{ a: 1, b: 2 }], ["b"])).toBe(" | b\n0 | 2");
  expect(renderTable([1], undefined)).toBe(" | value\n0 | 1");
  expect(renderTable("text", undefined)).toBe("text");
});
