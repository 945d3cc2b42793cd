/**
 * What crosses between an artifact (the guest, `src/prelude`) and the page that shows it (the host, `src/bridge`).
 *
 * The host puts an `Introduction` into the frame's `name`. The prelude, the first script of every artifact document,
 * reads and wipes it, posts one `Hello` with a MessagePort to the parent, and from then on talks only over that port.
 * The artifact is untrusted: the host checks every message field by field (`parse.ts`) and renders it as text.
 */

import type { Box, Place } from "../protocol.gen";

export interface Introduction {
  /** Random, once per mounted frame. */
  nonce: string;
  /** Origin of the page that shows the frame: the hello goes to nobody else. */
  app: string;
  language: "en" | "zh-hans";
  /** What the artifact stored at earlier visits. */
  local: Record<string, string>;
  session: Record<string, string>;
  cookie: string;
  /** The IndexedDB databases, as the prelude dumped them; "" for none. Opaque to the host. */
  databases: string;
}

/** Posted once to the parent window, with one MessagePort. */
export interface Hello {
  playground: "hello";
  nonce: string;
}

/**
 * Posted without a port, to any parent, by a document that found no introduction: the page went to another of its own
 * pages by itself (`location.href = "about.html"`, `location.reload()`), which nothing in an opaque origin can catch.
 * The host mounts the frame anew at `url`, with a fresh introduction, when `url` is below the frame's own address and
 * the reload budget allows it. It holds nothing but the address, so it matters to nobody else who may hear it.
 */
export interface Moved {
  playground: "moved";
  url: string;
}

/** Where in the artifact's files something happened. `path` is relative to the artifact, or a library's address. */
export interface Source {
  path: string;
  line: number;
  column: number;
}

export type Level = "log" | "info" | "warn" | "error" | "debug";

/** An element as the guest describes it; which document it is in the host knows better. */
export type GuestPlace = Omit<Place, "page">;

export type GuestMessage =
  /** Every 500 ms. */
  | { type: "beat" }
  | { type: "console"; level: Level; text: string; source: Source | null }
  | { type: "error"; kind: "uncaught" | "rejection"; text: string; stack: string; source: Source | null }
  /** A file that did not load. `note` is the library shelf's reason, where it gave one. */
  | { type: "failed"; url: string; status: number | null; what: string; note: string }
  /** What the library shelf had to say about a file that did load, such as that another version was served. */
  | { type: "note"; url: string; text: string }
  /** The content security policy stopped it. `url` may be just "inline" or "eval". */
  | { type: "blocked"; url: string; directive: string; source: Source | null }
  /** Changes of localStorage or sessionStorage; null removes; `clear` comes before the changes. */
  | { type: "storage"; area: "local" | "session"; clear: boolean; changes: [string, string | null][] }
  /** The jar, written as the prelude likes it: opaque to the host, as `databases` is. */
  | { type: "cookie"; value: string }
  | { type: "databases"; dump: string }
  /** A dialog that could not block. The guest shows alerts itself; this is for the console. */
  | { type: "dialog"; kind: "alert" | "confirm" | "prompt"; text: string }
  /** These need a click in the host's own bar. */
  | { type: "download"; name: string; mime: string; content: ArrayBuffer }
  | { type: "link"; url: string }
  /**
   * A link to another page of the artifact. The guest did not follow it: the host mounts the frame anew at `url`, as
   * for `Moved`. So each page of a site gets its storage, and none of them adds to the history of the tab.
   */
  | { type: "navigate"; url: string }
  | { type: "copy"; text: string }
  | { type: "fullscreen"; on: boolean }
  | PointingMessage;

/** Answers to what the host asks when a person points at the page. Said unasked, they are not heard. */
export type PointingMessage =
  /** Whether a person can point now. */
  | { type: "pointing"; on: boolean }
  /** The element that the keys have come to, in a few words. */
  | { type: "pointed"; text: string }
  /** The person has picked one; `more`: and goes on. */
  | { type: "picked"; place: GuestPlace; more: boolean }
  | { type: "probed"; id: number; places: GuestPlace[] }
  /** PNG or JPEG of the window, whose size is in CSS pixels; null where it cannot be taken. */
  | { type: "picture"; id: number; image: ArrayBuffer | null; width: number; height: number };

export type HostMessage =
  /** Full screen began or ended: the guest fires `fullscreenchange` and answers `document.fullscreenElement`. */
  | { type: "fullscreen"; on: boolean }
  /** Let the person pick an element, or no longer. */
  | { type: "point"; on: boolean }
  /** A key that was pressed on our side while the person points; `more`: with Shift. */
  | { type: "key"; key: string; more: boolean }
  /** Show an element that was picked before; null: no longer. */
  | { type: "glow"; path: string | null }
  /** Which elements are under these boxes of the window? */
  | { type: "probe"; id: number; boxes: Box[] }
  | { type: "picture"; id: number };

/** Limits that both sides keep: the guest to be polite, the host because the guest may lie. */
export const LIMITS = {
  /** Characters of any text for the console. */
  text: 10_000,
  url: 4_000,
  /** Characters of localStorage and sessionStorage together, keys and values. */
  storage: 1_000_000,
  /** Characters of a dump of the databases. */
  databases: 5_000_000,
  /** Bytes of a download. */
  download: 32 * 1024 * 1024,
  copy: 1_000_000,
  /** Bytes of a picture of the page, and pixels of its longer side. */
  picture: 2 * 1024 * 1024,
  pixels: 4096,
  /** Places of one wish, and characters of what describes one; the server's schema says the same. */
  places: 8,
  path: 600,
  id: 120,
  classes: 12,
  class: 80,
  name: 160,
  excerpt: 240,
  html: 600,
  label: 120,
  /** Messages: a bucket of so many, refilled at so many a second. */
  burst: 200,
  rate: 100,
} as const;

export const BEAT = 500; // ms
