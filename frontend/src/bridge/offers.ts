import type { GuestMessage } from "./messages";

/** What a page would like to do outside its frame. A person decides by a click in our own bar. */
export type Offer =
  | { kind: "download"; name: string; size: number; content: Blob }
  | { kind: "link"; url: string; host: string }
  | { kind: "copy"; text: string }
  | { kind: "fullscreen" };

/** At most so many wait: a page that asks without end is heard no further. */
export const MOST_OFFERS = 4;

/** The queue with `offer` in it. A full screen is asked for once; the newest link or copy replaces an equal one. */
export function queueOffer(queue: Offer[], offer: Offer): Offer[] {
  if (queue.length >= MOST_OFFERS || queue.some((other) => isSame(other, offer))) return queue;
  return [...queue, offer];
}

function isSame(one: Offer, other: Offer): boolean {
  if (one.kind === "link" && other.kind === "link") return one.url === other.url;
  if (one.kind === "copy" && other.kind === "copy") return one.text === other.text;
  return one.kind === "fullscreen" && other.kind === "fullscreen";
}

/** The offer that a message asks for, or null for what is none, or leads nowhere. */
export function offerOf(message: GuestMessage): Offer | null {
  switch (message.type) {
    case "download":
      return {
        kind: "download",
        name: safeName(message.name),
        size: message.content.byteLength,
        content: new Blob([message.content], { type: safeType(message.mime) }),
      };
    case "link":
      return linkOffer(message.url);
    case "copy":
      return message.text ? { kind: "copy", text: message.text } : null;
    case "fullscreen":
      return message.on ? { kind: "fullscreen" } : null;
    default:
      return null;
  }
}

/** Only what a browser opens in a tab of its own, and the host as it really is (`xn--…` for look-alike letters). */
function linkOffer(address: string): Offer | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol === "mailto:") return { kind: "link", url: url.href, host: safeText(url.pathname, 100) };
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  url.username = url.password = "";
  return { kind: "link", url: url.href, host: url.host };
}

const LONGEST_NAME = 80;
// Controls, and the marks that turn the direction of writing: "exe.txt" must not read as "txt.exe".
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A file name that is safe on every system and reads as what it is. */
export function safeName(name: string): string {
  const bare = name
    .normalize("NFC")
    .replace(HIDDEN, "")
    .replace(/[/\\:*?"<>|]+/g, "-")
    .replace(/\s+/g, " ")
    .replace(/^[.\s-]+|[.\s]+$/g, "");
  const whole = RESERVED.test(bare) ? `_${bare}` : bare;
  return shorten(whole) || "download";
}

/** Text of a page as one line of ours. */
export function safeText(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replace(HIDDEN, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

function shorten(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const ending = /\.[\w]{1,10}$/.exec(name)?.[0] ?? "";
  return name.slice(0, LONGEST_NAME - ending.length) + ending;
}

function safeType(mime: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : "application/octet-stream";
}
