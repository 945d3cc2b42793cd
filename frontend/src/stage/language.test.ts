import { expect, test } from "vitest";
import { languageOf } from "./language";

test.each([
  ["index.html", "html"],
  ["logo.SVG", "html"],
  ["css/style.css", "css"],
  ["game.js", "javascript"],
  ["data.json", "javascript"],
  ["main.ts", "typescript"],
  ["README.md", "markdown"],
  ["Makefile", "plain"],
  ["v1.2/notes", "plain"],
  ["shader.glsl", "plain"],
])("%s is %s", (path, language) => expect(languageOf(path)).toBe(language));
