import { describe, expect, it } from "vitest";
import { readDraft } from "./arguments";

const TEXT = 'Line "one"\n\tline two \\ é 樱 </script>\n';
const JSON_TEXT = JSON.stringify({ path: "js/game.js", content: TEXT });

describe("readDraft", () => {
  it("reads whole arguments", () => {
    expect(readDraft(JSON_TEXT)).toEqual({ path: "js/game.js", text: TEXT });
  });

  it("only ever adds to the text while it comes", () => {
    let before = "";
    for (let end = 0; end <= JSON_TEXT.length; end++) {
      const { text } = readDraft(JSON_TEXT.slice(0, end));
      expect(text.startsWith(before)).toBe(true);
      expect(TEXT.startsWith(text)).toBe(true);
      before = text;
    }
  });

  it("waits for the whole of an escaped sign", () => {
    expect(readDraft('{"content": "a\\u00e').text).toBe("a");
    expect(readDraft('{"content": "a\\u00e9').text).toBe("aé");
    expect(readDraft('{"content": "a\\').text).toBe("a");
  });

  it("shows the newest of several edits", () => {
    const json = '{"path": "a.js", "edits": [{"old": "x", "new": "y"}, {"old": "path", "new": "zz';
    expect(readDraft(json)).toEqual({ path: "a.js", text: "zz" });
  });

  it("gives nothing for what is no JSON", () => {
    expect(readDraft("<function=write_file>")).toEqual({ path: "", text: "" });
  });
});
