import { expect, test } from "vitest";
import { readIntroduction } from "./introduction";

const GIVEN = {
  nonce: "n",
  app: "http://localhost:8000",
  language: "en",
  local: { a: "1" },
  session: {},
  cookie: "",
  databases: "",
};

test("an introduction is read", () => {
  expect(readIntroduction(JSON.stringify(GIVEN))).toEqual(GIVEN);
});

test.each([
  "",
  "main",
  "null",
  "[]",
  JSON.stringify({ ...GIVEN, nonce: 1 }),
  JSON.stringify({ ...GIVEN, language: "xx" }),
  JSON.stringify({ ...GIVEN, local: { a: 1 } }),
  JSON.stringify({ ...GIVEN, session: undefined }),
])("another name is none: %s", (name) => {
  expect(readIntroduction(name)).toBeNull();
});
