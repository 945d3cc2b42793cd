import { describe, expect, test } from "vitest";
import { MOST_OFFERS, type Offer, offerOf, queueOffer, safeName, safeText } from "./offers";

describe("a file's name", () => {
  test.each([
    ["score.csv", "score.csv"],
    ["../../etc/passwd", "etc-passwd"],
    ["C:\\Windows\\a.txt", "C-Windows-a.txt"],
    [".bashrc", "bashrc"],
    ["", "download"],
    ["...", "download"],
    ["con.txt", "_con.txt"],
    ["a\u0000b\nc.txt", "abc.txt"],
    ["photo\u202Egpj.exe", "photogpj.exe"],
    ["a. . .", "a"],
    ["图片.png", "图片.png"],
    ["<b>.html", "b-.html"],
  ])("%j becomes %j", (name, safe) => expect(safeName(name)).toBe(safe));

  test("a long one keeps its ending", () => {
    const safe = safeName(`${"a".repeat(300)}.json`);
    expect(safe).toHaveLength(80);
    expect(safe.endsWith("a.json")).toBe(true);
  });
});

describe("a link", () => {
  const link = (url: string) => offerOf({ type: "link", url });

  test("shows the host it really leads to", () => {
    expect(link("https://good.example@evil.example/path?x=1")).toEqual({
      kind: "link",
      url: "https://evil.example/path?x=1",
      host: "evil.example",
    });
    expect(link("https://аpple.com/")).toMatchObject({ host: expect.stringMatching(/^xn--/) });
  });

  test("may be an address of mail", () => {
    expect(link("mailto:ada@example.com?subject=Hi")).toMatchObject({ host: "ada@example.com" });
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,a",
    "file:///etc/passwd",
    "blob:null/1",
    "/relative",
    "",
  ])("%j is none", (url) => expect(link(url)).toBeNull());
});

test("other offers", () => {
  const content = new TextEncoder().encode("abc").buffer as ArrayBuffer;
  const download = offerOf({ type: "download", name: "a/b.txt", mime: "text/plain\r\nX: y", content });
  expect(download).toMatchObject({ kind: "download", name: "a-b.txt", size: 3 });
  expect(download?.kind === "download" && download.content.type).toBe("application/octet-stream");
  expect(offerOf({ type: "copy", text: "" })).toBeNull();
  expect(offerOf({ type: "fullscreen", on: false })).toBeNull();
  expect(offerOf({ type: "beat" })).toBeNull();
});

test("the queue is short, and nothing is asked twice", () => {
  const link = (url: string): Offer => ({ kind: "link", url, host: url });
  let queue: Offer[] = [];
  for (const url of ["a", "a", "b", "c", "d", "e"]) queue = queueOffer(queue, link(url));
  expect(queue).toHaveLength(MOST_OFFERS);
  expect(queue.map((offer) => offer.kind === "link" && offer.url)).toEqual(["a", "b", "c", "d"]);
  const twice = queueOffer(queueOffer([], { kind: "fullscreen" }), { kind: "fullscreen" });
  expect(twice).toHaveLength(1);
});

test("a page's words become one line", () => {
  expect(safeText("a\n\u202Eb   c", 10)).toBe("a b c");
  expect(safeText("abcdef", 3)).toBe("abc…");
});
