import type { Box, Place, Point } from "../protocol.gen";
import { type GuestPlace, LIMITS } from "./messages";

/**
 * An element as the artifact describes it, checked field by field: it may claim anything. What is left is short plain
 * text on one line, without characters that hide or turn round what stands beside them.
 */
export function parsePlace(data: unknown): GuestPlace | null {
  if (!isRecord(data)) return null;
  const tag = typeof data.tag === "string" && TAG.test(data.tag) ? data.tag : null;
  const path = line(data.path, LIMITS.path);
  const box = parseBox(data.box);
  const window = parseSize(data.window);
  const texts = [
    line(data.id, LIMITS.id),
    line(data.name, LIMITS.name),
    line(data.text, LIMITS.excerpt),
    line(data.html, LIMITS.html),
  ];
  const [id, name, text, html] = texts;
  const classes = parseClasses(data.classes);
  if (tag === null || !path || box === null || window === null || classes === null) return null;
  if (id == null || name == null || text == null || html == null) return null;
  return { path, tag, id, classes, name, text, html, box, window, point: parsePoint(data.point) };
}

export function parsePlaces(data: unknown): GuestPlace[] | null {
  if (!Array.isArray(data) || data.length > LIMITS.places) return null;
  const places = (data as unknown[]).map(parsePlace);
  return places.every((place) => place !== null) ? (places as GuestPlace[]) : null;
}

/** Words on one line: no control characters, and none of the invisible ones that format or turn text. */
export function line(value: unknown, most: number): string | null {
  if (typeof value !== "string") return null;
  const start = value
    .slice(0, 2 * most)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/\p{Cf}/gu, "");
  const words = start.replace(/\s+/g, " ").trim();
  return words.slice(0, most).replace(/\p{Cs}/gu, ""); // half a character, where it was cut
}

/** The element in a few words, for people. */
export function describePlace({ tag, id, classes, name, text }: Place): string {
  const label = name || text;
  if (label) return `<${tag}> ${label}`;
  return `<${tag}>${id ? ` #${id}` : classes.map((one) => ` .${one}`).join("")}`;
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.page === other.page && one.path === other.path && samePoint(one.point, other.point);
}

function samePoint(one: Point | null, other: Point | null): boolean {
  return one?.x === other?.x && one?.y === other?.y;
}

type Fields = Record<string, unknown>;

const TAG = /^[a-z][a-z0-9:._-]{0,59}$/;
const FAR = 1_000_000;

function isRecord(data: unknown): data is Fields {
  return typeof data === "object" && data !== null;
}

function parseClasses(data: unknown): string[] | null {
  if (!Array.isArray(data) || data.length > LIMITS.classes) return null;
  const classes = (data as unknown[]).map((name) => line(name, LIMITS.class));
  return classes.every((name) => name !== null) ? (classes as string[]).filter(Boolean) : null;
}

function parseBox(data: unknown): Box | null {
  const at = parsePoint(data);
  const size = parseSize(data);
  return at && size && { ...at, ...size };
}

function parsePoint(data: unknown): Point | null {
  return isRecord(data) && isLength(data.x) && isLength(data.y) ? { x: data.x, y: data.y } : null;
}

function parseSize(data: unknown): { width: number; height: number } | null {
  if (!isRecord(data) || !isLength(data.width) || !isLength(data.height)) return null;
  return data.width < 0 || data.height < 0 ? null : { width: data.width, height: data.height };
}

function isLength(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= FAR; // NaN is not
}
