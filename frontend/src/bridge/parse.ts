import { type GuestMessage, type Level, LIMITS, type Source } from "./messages";
import { line, parsePlace, parsePlaces } from "./places";

/**
 * What an artifact sends, checked field by field: it may be anything. Texts that a person only reads are cut to size;
 * what is kept or handed out has to fit, or the message is refused.
 */
export function parseMessage(data: unknown): GuestMessage | null {
  if (!isRecord(data) || typeof data.type !== "string") return null;
  const parse = Object.hasOwn(PARSERS, data.type) ? PARSERS[data.type as GuestMessage["type"]] : null;
  return parse ? parse(data) : null;
}

/** Whether this is the hello of the frame that was given `nonce`. */
export function isHello(data: unknown, nonce: string): boolean {
  return isRecord(data) && data.playground === "hello" && data.nonce === nonce;
}

/** Where a document without an introduction says it is, or null for any other message. */
export function parseMoved(data: unknown): string | null {
  return isRecord(data) && data.playground === "moved" ? whole(data.url, LIMITS.url) : null;
}

/** Whether `url` is a page of the artifact that `frame` shows the entry of. */
export function isOwnPage(url: string, frame: string): boolean {
  return URL.canParse(url) && new URL(url).href.startsWith(baseOf(frame));
}

/** An address as its reader knows it: a file of the artifact by its path. */
export function shortenUrl(url: string, frame: string): string {
  const base = baseOf(frame);
  return url.startsWith(base) ? url.slice(base.length) || "/" : url;
}

function baseOf(frame: string): string {
  return new URL(".", frame).href;
}

type Fields = Record<string, unknown>;

const LEVELS: readonly Level[] = ["log", "info", "warn", "error", "debug"];
const MOST_CHANGES = 10_000; // in one message
const COOKIES = 20_000; // characters
const NAME = 500; // characters of a file's name, before it is made safe

const PARSERS: { [Type in GuestMessage["type"]]: (data: Fields) => GuestMessage | null } = {
  beat: () => ({ type: "beat" }),
  console: (data) => {
    const level = oneOf(LEVELS, data.level);
    const text = readable(data.text, LIMITS.text);
    if (level === null || text === null) return null;
    return { type: "console", level, text, source: parseSource(data.source) };
  },
  error: (data) => {
    const kind = oneOf(["uncaught", "rejection"] as const, data.kind);
    const text = readable(data.text, LIMITS.text);
    const stack = readable(data.stack, LIMITS.text);
    if (kind === null || text === null || stack === null) return null;
    return { type: "error", kind, text, stack, source: parseSource(data.source) };
  },
  failed: (data) => {
    const url = readable(data.url, LIMITS.url);
    const what = readable(data.what, 100);
    const note = readable(data.note, LIMITS.text);
    if (url === null || what === null || note === null) return null;
    return { type: "failed", url, status: natural(data.status), what, note };
  },
  note: (data) => {
    const url = readable(data.url, LIMITS.url);
    const text = readable(data.text, LIMITS.text);
    return url === null || text === null ? null : { type: "note", url, text };
  },
  blocked: (data) => {
    const url = readable(data.url, LIMITS.url);
    const directive = readable(data.directive, 100);
    if (url === null || directive === null) return null;
    return { type: "blocked", url, directive, source: parseSource(data.source) };
  },
  storage: (data) => {
    const area = oneOf(["local", "session"] as const, data.area);
    const changes = parseChanges(data.changes);
    if (area === null || changes === null || typeof data.clear !== "boolean") return null;
    return { type: "storage", area, clear: data.clear, changes };
  },
  cookie: (data) => {
    const value = whole(data.value, COOKIES);
    return value === null ? null : { type: "cookie", value };
  },
  databases: (data) => {
    const dump = whole(data.dump, LIMITS.databases);
    return dump === null ? null : { type: "databases", dump };
  },
  dialog: (data) => {
    const kind = oneOf(["alert", "confirm", "prompt"] as const, data.kind);
    const text = readable(data.text, LIMITS.text);
    return kind === null || text === null ? null : { type: "dialog", kind, text };
  },
  download: (data) => {
    const name = readable(data.name, NAME);
    const mime = readable(data.mime, 200);
    const { content } = data;
    if (name === null || mime === null) return null;
    if (!(content instanceof ArrayBuffer) || content.byteLength > LIMITS.download) return null;
    return { type: "download", name, mime, content };
  },
  link: (data) => {
    const url = whole(data.url, LIMITS.url);
    return url === null ? null : { type: "link", url };
  },
  navigate: (data) => {
    const url = whole(data.url, LIMITS.url);
    return url === null ? null : { type: "navigate", url };
  },
  copy: (data) => {
    const text = whole(data.text, LIMITS.copy);
    return text === null ? null : { type: "copy", text };
  },
  fullscreen: ({ on }) => (typeof on === "boolean" ? { type: "fullscreen", on } : null),
  pointing: ({ on }) => (typeof on === "boolean" ? { type: "pointing", on } : null),
  pointed: (data) => {
    const text = line(data.text, LIMITS.label);
    return text === null ? null : { type: "pointed", text };
  },
  picked: ({ place, more }) => {
    const picked = parsePlace(place);
    return picked === null || typeof more !== "boolean" ? null : { type: "picked", place: picked, more };
  },
  probed: (data) => {
    const id = natural(data.id);
    const places = parsePlaces(data.places);
    return id === null || places === null ? null : { type: "probed", id, places };
  },
  picture: (data) => {
    const [id, width, height] = [natural(data.id), natural(data.width), natural(data.height)];
    const image = data.image instanceof ArrayBuffer ? data.image : null;
    if (id === null || width === null || height === null) return null;
    return { type: "picture", id, image: width * height > 0 ? image : null, width, height };
  },
};

function parseSource(data: unknown): Source | null {
  if (!isRecord(data)) return null;
  const path = whole(data.path, LIMITS.url);
  const line = natural(data.line);
  const column = natural(data.column);
  return !path || line === null || column === null ? null : { path, line, column };
}

function parseChanges(data: unknown): [string, string | null][] | null {
  if (!Array.isArray(data) || data.length > MOST_CHANGES) return null;
  const changes: [string, string | null][] = [];
  let length = 0;
  for (const pair of data as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return null;
    const [name, value] = pair as unknown[];
    if (typeof name !== "string" || (typeof value !== "string" && value !== null)) return null;
    length += name.length + (value?.length ?? 0);
    if (length > LIMITS.storage) return null;
    changes.push([name, value]);
  }
  return changes;
}

function isRecord(data: unknown): data is Fields {
  return typeof data === "object" && data !== null;
}

function oneOf<Choice extends string>(choices: readonly Choice[], value: unknown): Choice | null {
  return choices.find((choice) => choice === value) ?? null;
}

function readable(value: unknown, most: number): string | null {
  return typeof value === "string" ? value.slice(0, most) : null;
}

function whole(value: unknown, most: number): string | null {
  return typeof value === "string" && value.length <= most ? value : null;
}

function natural(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
