/** Values of the console as short text. Getters are not called: looking must not change the page. */

import { LIMITS } from "../bridge/messages";
import { getOwnPropertyDescriptor } from "./pristine";

const MAX_DEPTH = 3;
const MAX_ITEMS = 50;
const MAX_INNER = 500; // characters of a text inside something else

/** The arguments of `console.log`, with `%s` and its like filled in. */
export function renderAll(values: unknown[]): string {
  const [first, ...rest] = values;
  const texts =
    typeof first === "string" ? fill(first, rest) : [first, ...rest].slice(0, values.length).map(render);
  return texts.join(" ").slice(0, LIMITS.text);
}

function fill(format: string, values: unknown[]): string[] {
  const text = format.replace(/%[sdifoOcj%]/g, (mark) => {
    if (mark === "%%") return "%";
    if (!values.length) return mark;
    const value = values.shift();
    if (mark === "%c") return "";
    if (mark === "%d" || mark === "%i")
      return String(typeof value === "symbol" ? Number.NaN : Math.trunc(Number(value)));
    if (mark === "%f") return String(typeof value === "symbol" ? Number.NaN : Number(value));
    return render(value);
  });
  return [text, ...values.map(render)];
}

export function render(value: unknown): string {
  if (typeof value === "string") return value.slice(0, LIMITS.text);
  try {
    return inner(value, 0, []);
  } catch {
    return "[unreadable]";
  }
}

function inner(value: unknown, depth: number, above: object[]): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return functionText(value);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (above.includes(value)) return "[circular]";
  return known(value) ?? compound(value, depth, [...above, value]);
}

function functionText(value: object): string {
  const name = getOwnPropertyDescriptor(value, "name")?.value;
  return `ƒ ${typeof name === "string" ? name : ""}()`;
}

/** What has a form of its own. */
function known(value: object): string | null {
  if (value instanceof Error) return errorText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (typeof Node !== "undefined" && value instanceof Node) return nodeText(value);
  if (typeof Event !== "undefined" && value instanceof Event)
    return `${nameOf(value)} {type: "${value.type}"}`;
  return null;
}

export function errorText(error: Error): string {
  const title = `${error.name}: ${error.message}`;
  const stack = typeof error.stack === "string" ? error.stack : "";
  const text = stack.startsWith(title) || stack.includes(error.message) ? stack : `${title}\n${stack}`.trim();
  return error.cause instanceof Error
    ? `${text}\nCaused by: ${error.cause.name}: ${error.cause.message}`
    : text;
}

function nodeText(node: Node): string {
  if (node instanceof Element) return shorten((node.cloneNode(false) as Element).outerHTML);
  if (node instanceof Document) return "#document";
  return `${node.nodeName} ${JSON.stringify(shorten(node.nodeValue ?? ""))}`;
}

function compound(value: object, depth: number, above: object[]): string {
  const name = nameOf(value);
  const go = (item: unknown) => inner(item, depth + 1, above);
  if (Array.isArray(value) || isTyped(value)) {
    const title = Array.isArray(value) ? "" : `${name}(${value.length}) `;
    if (depth >= MAX_DEPTH) return `${name}(${value.length})`;
    return `${title}[${list(value.length, (at) => go(item(value, at)))}]`;
  }
  if (value instanceof Map || value instanceof Set) {
    if (depth >= MAX_DEPTH) return `${name}(${value.size})`;
    const rows = [...value.entries()].slice(0, MAX_ITEMS);
    const row = (at: number) =>
      value instanceof Map ? `${go(rows[at]?.[0])} => ${go(rows[at]?.[1])}` : go(rows[at]?.[0]);
    return `${name}(${value.size}) {${list(value.size, row)}}`;
  }
  const keys = Object.keys(value);
  const title = name === "Object" ? "" : `${name} `;
  if (depth >= MAX_DEPTH && keys.length) return `${title}{…}`;
  return `${title}{${list(keys.length, (at) => `${keyText(keys[at] as string)}: ${property(value, keys[at] as string, go)}`)}}`;
}

function list(count: number, row: (at: number) => string): string {
  const rows = Array.from({ length: Math.min(count, MAX_ITEMS) }, (_, at) => row(at));
  if (count > MAX_ITEMS) rows.push(`… ${count - MAX_ITEMS} more`);
  return rows.join(", ");
}

function item(value: ArrayLike<unknown>, at: number): unknown {
  return isTyped(value) ? value[at] : getOwnPropertyDescriptor(value, String(at))?.value;
}

function property(value: object, key: string, go: (item: unknown) => string): string {
  const descriptor = getOwnPropertyDescriptor(value, key);
  return descriptor?.get ? "(…)" : go(descriptor?.value);
}

function isTyped(value: object): value is Uint8Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function nameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return "Object";
  const maker = getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const name = typeof maker === "function" ? getOwnPropertyDescriptor(maker, "name")?.value : "";
  return typeof name === "string" && name ? name : "Object";
}

function keyText(key: string): string {
  return /^[\w$]+$/.test(key) ? key : JSON.stringify(shorten(key));
}

function shorten(text: string): string {
  return text.length > MAX_INNER ? `${text.slice(0, MAX_INNER)}…` : text;
}

/** `console.table`: one line per row. */
export function renderTable(data: unknown, columns: unknown): string {
  if (typeof data !== "object" || data === null) return render(data);
  const rows = Object.keys(data).slice(0, MAX_ITEMS);
  const cells = rows.map((key) => cellsOf(getOwnPropertyDescriptor(data, key)?.value));
  const names = Array.isArray(columns)
    ? columns.map(String)
    : [...new Set(cells.flatMap((cell) => [...cell.keys()]))];
  const lines = [
    ["", ...names],
    ...rows.map((key, at) => [key, ...names.map((name) => cells[at]?.get(name) ?? "")]),
  ];
  return lines
    .map((line) => line.join(" | "))
    .join("\n")
    .slice(0, LIMITS.text);
}

function cellsOf(row: unknown): Map<string, string> {
  if (typeof row !== "object" || row === null) return new Map([["value", render(row)]]);
  const keys = Object.keys(row).slice(0, MAX_ITEMS);
  return new Map(keys.map((key) => [key, property(row, key, (value) => inner(value, MAX_DEPTH, []))]));
}
