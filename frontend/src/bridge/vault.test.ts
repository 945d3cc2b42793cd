import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Area } from "./kept";
import { IndexedVault } from "./vault";

let vault: IndexedVault;

beforeEach(() => {
  const tab = new Map<string, string>();
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("IDBKeyRange", IDBKeyRange);
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => tab.get(name) ?? null,
    setItem: (name: string, value: string) => tab.set(name, value),
    removeItem: (name: string) => tab.delete(name),
  });
  vault = new IndexedVault();
});

afterEach(() => void vi.unstubAllGlobals());

test("what was written is there at the next visit", async () => {
  vault.write("one", "local", "score", "7");
  vault.write("one", "local", "name", "Ada");
  vault.write("one", "local", "name", null);
  vault.write("one", "cookie", "", "a=1");
  vault.write("one", "databases", "", "{}");
  await vault.load("one");
  const kept = await new IndexedVault().load("one");
  expect(kept.local.toRecord()).toEqual({ score: "7" });
  expect([kept.cookie, kept.databases]).toEqual(["a=1", "{}"]);
});

test("artifacts do not see each other's", async () => {
  vault.write("one", "local", "a", "1");
  vault.write("one2", "local", "a", "2");
  expect((await vault.load("one")).local.toRecord()).toEqual({ a: "1" });
  await vault.clear("one");
  expect((await vault.load("one")).size).toBe(0);
  expect((await vault.load("one2")).local.toRecord()).toEqual({ a: "2" });
});

test("an artifact takes over what its conversation kept", async () => {
  vault.write("talk", "local", "a", "1");
  await vault.carry("talk", "artifact");
  expect((await vault.load("artifact")).local.toRecord()).toEqual({ a: "1" });
  expect((await vault.load("talk")).size).toBe(0);
});

test("but not over something of its own", async () => {
  vault.write("talk", "local", "a", "1");
  vault.write("artifact", "local", "b", "2");
  await vault.carry("talk", "artifact");
  expect((await vault.load("artifact")).local.toRecord()).toEqual({ b: "2" });
});

test("the session stays in the tab, and clearing empties it", async () => {
  vault.keepSession("one", new Area([["s", "1"]]));
  expect((await vault.load("one")).session.toRecord()).toEqual({ s: "1" });
  await vault.clear("one");
  expect((await vault.load("one")).session.toRecord()).toEqual({});
});

test("without a database a page starts with nothing and may go on", async () => {
  vi.stubGlobal("indexedDB", {
    open: () => {
      throw new Error("switched off");
    },
  });
  const broken = new IndexedVault();
  broken.write("one", "local", "a", "1");
  expect((await broken.load("one")).size).toBe(0);
  await broken.carry("one", "two");
  await broken.clear("one");
});
