import { expect, it } from "vitest";
import type { Participant } from "../protocol.gen";
import { comings, initials, nameOf } from "./people";

const person = (key: string, name: string): Participant => ({ key, name, role: "viewer" });
const ada = person("a1", "Ada Lovelace");
const guest = person("b2", "");

it("names guests in the reader's language, and who is gone for good", () => {
  expect([nameOf(ada), nameOf(guest), nameOf(null)]).toEqual(["Ada Lovelace", "Guest", "Somebody who left"]);
});

it("takes the letters of the first and the last word, whatever the script", () => {
  expect(initials(ada)).toBe("AL");
  expect(initials(person("c", "ada"))).toBe("A");
  expect(initials(person("c", "王小明"))).toBe("王");
  expect(initials(person("c", "𝒜da"))).toBe("𝒜");
});

it("says who came and who left, told apart by key", () => {
  expect(comings([ada], [ada, guest])).toBe("Guest came.");
  expect(comings([ada, guest], [guest, person("d4", "Bob")])).toBe("Bob came. Ada Lovelace left.");
  expect(comings([guest], [guest])).toBe("");
});
