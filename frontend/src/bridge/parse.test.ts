import { describe, expect, test } from "vitest";
import { type GuestMessage, LIMITS } from "./messages";
import { isHello, isOwnPage, parseMessage, parseMoved, shortenUrl } from "./parse";

const source = { path: "index.html", line: 12, column: 5 };
const SOUND: GuestMessage[] = [
  { type: "beat" },
  { type: "console", level: "warn", text: "careful", source },
  { type: "console", level: "log", text: "", source: null },
  { type: "error", kind: "uncaught", text: "TypeError: a", stack: "at b", source },
  { type: "failed", url: "https://a.example/x.js", status: 404, what: "script", note: "" },
  { type: "failed", url: "https://a.example/x.js", status: null, what: "script", note: "not on the shelf" },
  { type: "note", url: "/npm/three", text: "another version" },
  { type: "blocked", url: "https://api.example.com/", directive: "connect-src", source: null },
  {
    type: "storage",
    area: "local",
    clear: true,
    changes: [
      ["a", "1"],
      ["b", null],
    ],
  },
  { type: "cookie", value: "a=1" },
  { type: "databases", dump: "{}" },
  { type: "dialog", kind: "confirm", text: "Sure?" },
  { type: "download", name: "a.txt", mime: "text/plain", content: new ArrayBuffer(3) },
  { type: "link", url: "https://example.com/" },
  { type: "navigate", url: "https://a.pages.example/v/1/about.html" },
  { type: "copy", text: "words" },
  { type: "fullscreen", on: true },
];

test.each(SOUND)("a sound $type passes as it is", (message) =>
  expect(parseMessage(message)).toEqual(message),
);

test("nothing but the known fields passes", () => {
  expect(parseMessage({ type: "beat", extra: 1 })).toEqual({ type: "beat" });
});

test.each([null, undefined, 1, "beat", [], {}, { type: 1 }, { type: "toString" }, { type: "__proto__" }])(
  "%j is no message",
  (data) => expect(parseMessage(data)).toBeNull(),
);

describe("every field is checked", () => {
  test.each(
    SOUND.flatMap((message) =>
      Object.keys(message)
        .filter((field) => field !== "type" && field !== "source" && field !== "status")
        .map((field) => [message.type, field, { ...message, [field]: { not: "this" } }] as const),
    ),
  )("%s.%s", (_type, _field, message) => expect(parseMessage(message)).toBeNull());

  test("a source that is none is left out", () => {
    for (const broken of [
      7,
      { path: 1 },
      { path: "", line: 0, column: 0 },
      { path: "a", line: -1, column: 0 },
      { path: "a", line: 1.5, column: 0 },
    ]) {
      const parsed = parseMessage({ type: "console", level: "log", text: "a", source: broken });
      expect(parsed).toMatchObject({ source: null });
    }
  });

  test.each([[["a"]], [["a", 1]], [[1, "a"]], ["ab"]])("changes of storage: %j", (pair) => {
    expect(parseMessage({ type: "storage", area: "local", clear: false, changes: [pair] })).toBeNull();
  });
});

describe("lengths", () => {
  const long = (length: number) => "x".repeat(length);

  test("what is read is cut", () => {
    const parsed = parseMessage({ type: "console", level: "log", text: long(LIMITS.text + 1), source: null });
    expect(parsed?.type === "console" && parsed.text.length).toBe(LIMITS.text);
  });

  test.each([
    ["link", { type: "link", url: long(LIMITS.url + 1) }],
    ["navigate", { type: "navigate", url: long(LIMITS.url + 1) }],
    ["copy", { type: "copy", text: long(LIMITS.copy + 1) }],
    ["databases", { type: "databases", dump: long(LIMITS.databases + 1) }],
    ["cookie", { type: "cookie", value: long(100_000) }],
    ["storage", { type: "storage", area: "local", clear: false, changes: [["a", long(LIMITS.storage)]] }],
    ["download", { type: "download", name: "a", mime: "", content: new ArrayBuffer(LIMITS.download + 1) }],
  ])("what is kept or handed out is refused: %s", (_type, message) =>
    expect(parseMessage(message)).toBeNull(),
  );
});

test("a hello needs its nonce", () => {
  expect(isHello({ playground: "hello", nonce: "n" }, "n")).toBe(true);
  expect(isHello({ playground: "hello", nonce: "m" }, "n")).toBe(false);
  expect(isHello({ playground: "bye", nonce: "n" }, "n")).toBe(false);
  expect(isHello("hello", "n")).toBe(false);
});

test("a document that moved says where it is", () => {
  expect(parseMoved({ playground: "moved", url: "http://a/" })).toBe("http://a/");
  for (const data of [{ playground: "moved", url: 1 }, { playground: "hello", url: "http://a/" }, null]) {
    expect(parseMoved(data)).toBeNull();
  }
});

test("a file of the artifact is called by its path", () => {
  const frame = "http://a.localhost:8000/v/1/";
  expect(shortenUrl(`${frame}js/a.js?x`, frame)).toBe("js/a.js?x");
  expect(shortenUrl(frame, frame)).toBe("/");
  expect(shortenUrl("https://cdn.example/a.js", frame)).toBe("https://cdn.example/a.js");
});

test.each([
  ["http://a.localhost:8000/v/1/", true],
  ["http://a.localhost:8000/v/1/sub/about.html?x=1#top", true],
  ["http://a.localhost:8000/v/1/../2/", false],
  ["http://a.localhost:8000/v/1/%2e%2e/2/", false],
  ["http://a.localhost:8000/v/10/", false],
  ["http://b.localhost:8000/v/1/", false],
  ["https://a.localhost:8000/v/1/", false],
  ["http://a.localhost:8000@evil.example/v/1/", false],
  ["about.html", false],
])("%s is a page of the artifact: %s", (url, is) => {
  expect(isOwnPage(url, "http://a.localhost:8000/v/1/index.html")).toBe(is);
});
