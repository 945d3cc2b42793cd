import { expect, test } from "vitest";
import { CookieJar } from "./cookies";

function makeJar(dump = "") {
  const clock = { now: Date.parse("2030-01-01") };
  return { clock, jar: new CookieJar(dump, () => clock.now) };
}

test("names and values, the last of a name", () => {
  const { jar } = makeJar();
  for (const line of ["a=1", "b = two words ; path=/; SameSite=Lax", "a=3=4", "alone", "", "=x"])
    jar.set(line);
  expect(jar.text).toBe("a=3=4; b=two words; x");
});

test("cookies expire", () => {
  const { jar, clock } = makeJar();
  jar.set("a=1; max-age=10");
  jar.set("b=1; Expires=Tue, 01 Jan 2030 00:00:05 GMT");
  jar.set("c=1; expires=Tue, 01 Jan 2030 00:00:01 GMT; Max-Age=60");
  jar.set("d=1");
  clock.now += 7000;
  expect(jar.text).toBe("a=1; c=1; d=1");
  jar.set("d=; max-age=0");
  jar.set("a=; expires=Thu, 01 Jan 1970 00:00:00 GMT");
  expect(jar.text).toBe("c=1");
});

test("a dump brings them back", () => {
  const { jar, clock } = makeJar();
  jar.set("a=1; max-age=10");
  jar.set("b=2");
  expect(new CookieJar(jar.dump(), () => clock.now + 20_000).text).toBe("b=2");
});

test.each(["", "{", '[["a"],["b","1",null],3]'])("a dump that is none: %s", (dump) => {
  expect(["", "b=1"]).toContain(makeJar(dump).jar.text);
});

test("there are no more than a browser keeps", () => {
  const { jar } = makeJar();
  for (let at = 0; at < 300; at++) jar.set(`c${at}=1`);
  jar.set(`long=${"x".repeat(5000)}`);
  const names = jar.text.split("; ");
  expect([names.length, names[0]]).toEqual([180, "c120=1"]);
});
