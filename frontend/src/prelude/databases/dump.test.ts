import { IDBFactory } from "fake-indexeddb";
import { expect, test } from "vitest";
import { dump, restore, settled } from "./dump";
import { decode, encode } from "./encoding";

test.each<[string, unknown]>([
  ["plain", { a: [1, "x", null, true], b: undefined }],
  ["numbers", [Number.NaN, -0, Number.POSITIVE_INFINITY, 12n]],
  ["dates and patterns", [new Date(5), new Date(Number.NaN), /a+/gi]],
  ["collections", new Map<unknown, unknown>([[{ k: 1 }, new Set([1, "a"])]])],
  ["bytes", [new Uint8Array([1, 255]), new Float64Array([1.5]), new Uint8Array([7]).buffer]],
  ["a key named $", { $: "date", value: 1, __proto__: null }],
])("%s are written and read", async (_name, value) => {
  const json = JSON.parse(JSON.stringify(await encode(value)));
  const expected = value && Object.getPrototypeOf(value) === null ? { ...value } : value;
  expect(decode(json)).toEqual(expected);
});

test("one object stays one, and rings are rings", async () => {
  const shared = { at: new Date(1) };
  const ring: Record<string, unknown> = { first: shared, second: shared };
  ring.self = ring;
  const read = decode(await encode(ring)) as Record<string, unknown>;
  expect(read.self).toBe(read);
  expect(read.first).toBe(read.second);
});

test("files are written and read", async () => {
  const [blob, file] = decode(
    await encode([new Blob(["hi"], { type: "text/plain" }), new File(["ho"], "a.txt", { lastModified: 5 })]),
  ) as [Blob, File];
  expect([await blob.text(), blob.type, await file.text(), file.name, file.lastModified]).toEqual([
    "hi",
    "text/plain",
    "ho",
    "a.txt",
    5,
  ]);
});

async function fill(factory: IDBFactory): Promise<void> {
  const request = factory.open("shop", 3);
  request.onupgradeneeded = () => {
    const { result } = request;
    const things = result.createObjectStore("things", { keyPath: "id", autoIncrement: true });
    things.createIndex("names", "name", { unique: true });
    things.put({ name: "one" });
    things.put({ name: "two" });
    result.createObjectStore("loose").put([1, 2], ["a", new Date(9)]);
  };
  (await settled(request)).close();
}

test("databases are dumped and restored", async () => {
  const [before, after] = [new IDBFactory(), new IDBFactory()];
  expect(await dump(before)).toBe("");
  await fill(before);
  const text = await dump(before);
  await restore(after, text);
  expect(await dump(after)).toBe(text);
  const database = await settled(after.open("shop"));
  expect(database.version).toBe(3);
  const transaction = database.transaction(["things", "loose"], "readwrite");
  const things = transaction.objectStore("things");
  expect(await settled(things.index("names").get("two"))).toEqual({ id: 2, name: "two" });
  expect(await settled(things.put({ name: "three" }))).toBe(3);
  expect(await settled(transaction.objectStore("loose").get(["a", new Date(9)]))).toEqual([1, 2]);
});
