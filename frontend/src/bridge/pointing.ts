import type { Box } from "../protocol.gen";
import type { GuestPlace, HostMessage, PointingMessage } from "./messages";

/** What happens while a person points. "mute": the page does not answer. */
export type PointingEvent =
  | { type: "on" }
  | { type: "off" }
  | { type: "mute" }
  | { type: "pointed"; text: string }
  | { type: "picked"; place: GuestPlace };

export interface Picture {
  image: ArrayBuffer;
  width: number;
  height: number;
}

type Reply = Extract<PointingMessage, { id: number }>;

const ANSWER = 4000; // ms that a page has to begin, or to say what is under a box
const EXPOSURE = 12_000; // ms that it has for a picture

/**
 * The host's part in pointing. The page is asked, and only heard while it is: what it says at other times is dropped.
 * It may never answer, or lie; the first ends with a time-out, the second is seen by the person, as a place that was
 * not meant.
 */
export class Pointing {
  #tell: (message: HostMessage) => void;
  #onevent: (event: PointingEvent) => void;
  #state: "off" | "asked" | "on" = "off";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next = 1;
  #waiting = new Map<number, (reply: Reply | null) => void>();

  constructor(tell: (message: HostMessage) => void, onevent: (event: PointingEvent) => void) {
    this.#tell = tell;
    this.#onevent = onevent;
  }

  point(on: boolean): void {
    this.#tell({ type: "point", on });
    if (!on) {
      this.#end("off");
      return;
    }
    this.#state = "asked";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end("mute"), ANSWER);
  }

  press(key: string, more: boolean): void {
    if (this.#state === "on") this.#tell({ type: "key", key, more });
  }

  glow(path: string | null): void {
    this.#tell({ type: "glow", path });
  }

  /** The elements under boxes of the window; null where the page does not say. */
  async probe(boxes: Box[]): Promise<GuestPlace[] | null> {
    const reply = await this.#ask((id) => ({ type: "probe", id, boxes }), ANSWER);
    return reply?.type === "probed" ? reply.places : null;
  }

  /** What the window shows of the page, unchecked; null where it cannot be had. */
  async takePicture(): Promise<Picture | null> {
    const reply = await this.#ask((id) => ({ type: "picture", id }), EXPOSURE);
    if (reply?.type !== "picture" || !reply.image) return null;
    return { image: reply.image, width: reply.width, height: reply.height };
  }

  hear(message: PointingMessage): void {
    switch (message.type) {
      case "pointing":
        if (message.on && this.#state === "asked") this.#begin();
        else if (!message.on && this.#state === "asked") this.#end("mute");
        else if (!message.on && this.#state === "on") this.#end("off");
        return;
      case "pointed":
        if (this.#state === "on") this.#onevent(message);
        return;
      case "picked":
        if (this.#state !== "on") return;
        this.#onevent({ type: "picked", place: message.place });
        if (!message.more) this.#end("off");
        return;
      default:
        this.#waiting.get(message.id)?.(message);
    }
  }

  /** The page is gone: nothing will be answered. */
  stop(): void {
    for (const settle of this.#waiting.values()) settle(null);
    if (this.#state !== "off") this.#end("off");
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#state = "on";
    this.#onevent({ type: "on" });
  }

  #end(type: "off" | "mute"): void {
    clearTimeout(this.#timer);
    this.#state = "off";
    this.#onevent({ type });
  }

  #ask(question: (id: number) => HostMessage, patience: number): Promise<Reply | null> {
    const id = this.#next++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting.get(id)?.(null), patience);
      this.#waiting.set(id, (reply) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(reply);
      });
      this.#tell(question(id));
    });
  }
}
