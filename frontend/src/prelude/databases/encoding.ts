/**
 * Structured values as JSON: what IndexedDB may hold and JSON may not.
 *
 * An object is `{"$": kind, …}` where it is not a plain one; every object has a number, its place in the order of
 * writing, so that the same object twice, or inside itself, is read as such.
 */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const TYPED = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
] as const;

export async function encode(value: unknown): Promise<Json> {
  const seen = new Map<object, number>();
  const write = async (item: unknown): Promise<Json> => {
    if (typeof item === "number" && !(Number.isFinite(item) && !Object.is(item, -0)))
      return { $: "number", value: sign(item) };
    if (item === null || ["boolean", "number", "string"].includes(typeof item)) return item as Json;
    if (item === undefined) return { $: "undefined" };
    if (typeof item === "bigint") return { $: "bigint", value: String(item) };
    if (typeof item !== "object") return null;
    const known = seen.get(item);
    if (known !== undefined) return { $: "ref", value: known };
    seen.set(item, seen.size);
    return (await writeSpecial(item, write)) ?? writeObject(item, write);
  };
  return write(value);
}

function sign(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

async function writeSpecial(item: object, write: (item: unknown) => Promise<Json>): Promise<Json | null> {
  if (item instanceof Date) return { $: "date", value: sign(item.getTime()) };
  if (item instanceof RegExp) return { $: "regexp", value: item.source, flags: item.flags };
  if (item instanceof ArrayBuffer) return { $: "ArrayBuffer", value: toBase64(new Uint8Array(item)) };
  if (ArrayBuffer.isView(item)) {
    const bytes = new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
    return { $: item.constructor.name, value: toBase64(bytes) };
  }
  if (typeof Blob !== "undefined" && item instanceof Blob) {
    const content = toBase64(new Uint8Array(await item.arrayBuffer()));
    const name = item instanceof File ? { name: item.name, modified: item.lastModified } : {};
    return { $: "blob", value: content, type: item.type, ...name };
  }
  if (item instanceof Error) return { $: "error", name: item.name, value: item.message };
  if (item instanceof Map) return { $: "map", value: await writeAll([...item].flat(), write) };
  if (item instanceof Set) return { $: "set", value: await writeAll([...item], write) };
  return Array.isArray(item) ? { $: "array", value: await writeAll(item, write) } : null;
}

/** One after the other: the numbers of the objects are in the order of reading. */
async function writeAll(items: unknown[], write: (item: unknown) => Promise<Json>): Promise<Json[]> {
  const result: Json[] = [];
  for (const item of items) result.push(await write(item));
  return result;
}

async function writeObject(item: object, write: (item: unknown) => Promise<Json>): Promise<Json> {
  const rows: Json[] = [];
  for (const [key, value] of Object.entries(item)) rows.push([key, await write(value)]);
  return { $: "object", value: rows };
}

export function decode(json: Json): unknown {
  const made: unknown[] = [];
  const keep = <Made>(value: Made): Made => {
    made.push(value);
    return value;
  };
  const read = (item: Json): unknown => {
    if (typeof item !== "object" || item === null) return item;
    const { $: kind, value, ...rest } = item as { $: string; value: Json; [key: string]: Json };
    const items = Array.isArray(value) ? value : [];
    switch (kind) {
      case "number":
        return Number(value);
      case "undefined":
        return undefined;
      case "bigint":
        return BigInt(value as string);
      case "ref":
        return made[value as number];
      case "array":
        return fillArray(keep([]), items, read);
      case "object":
        return fillObject(keep({}), items as [string, Json][], read);
      case "map":
        return fillMap(keep(new Map()), items, read);
      case "set":
        return fillSet(keep(new Set()), items, read);
      default:
        return keep(readPlain(kind, value as string, rest));
    }
  };
  return read(json);
}

function fillArray(result: unknown[], items: Json[], read: (item: Json) => unknown): unknown[] {
  for (const item of items) result.push(read(item));
  return result;
}

function fillObject(result: object, items: [string, Json][], read: (item: Json) => unknown): object {
  for (const [key, item] of items) {
    Object.defineProperty(result, key, {
      value: read(item),
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
  return result;
}

function fillMap(result: Map<unknown, unknown>, items: Json[], read: (item: Json) => unknown): unknown {
  for (let at = 0; at + 1 < items.length; at += 2) {
    const key = read(items[at] as Json);
    result.set(key, read(items[at + 1] as Json));
  }
  return result;
}

function fillSet(result: Set<unknown>, items: Json[], read: (item: Json) => unknown): unknown {
  for (const item of items) result.add(read(item));
  return result;
}

function readPlain(kind: string, value: string, rest: { [key: string]: Json }): unknown {
  if (kind === "date") return new Date(Number(value));
  if (kind === "regexp") return new RegExp(value, String(rest.flags));
  if (kind === "error") return Object.assign(new Error(value), { name: String(rest.name) });
  const bytes = fromBase64(value);
  if (kind === "blob") {
    const type = String(rest.type);
    const { name, modified } = rest;
    return typeof name === "string"
      ? new File([bytes], name, { type, lastModified: Number(modified) })
      : new Blob([bytes], { type });
  }
  const View = TYPED.find((type) => type.name === kind);
  return View ? new (View as new (buffer: ArrayBuffer) => object)(bytes.buffer) : bytes.buffer;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export type { Json };
