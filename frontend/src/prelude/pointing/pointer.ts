/** The file that the shelf serves as `playground/pointing.js`: pick an element, show one again, take a picture. */

import { type GuestPlace, LIMITS } from "../../bridge/messages";
import type { Box } from "../../protocol.gen";
import type { Line } from "../line";
import { describe, labelOf } from "./describing";
import { elementAt, find, neighbour, underBox } from "./elements";
import type { Order } from "./facade";
import { Overlay } from "./overlay";
import { takePicture } from "./picture";

const SCROLLS = /auto|scroll/;

export class Pointer {
  isOn = false;
  private element: Element | null = null;
  /** Where the pointer was last, if the element was not come to by keys. */
  private at: { x: number; y: number } | null = null;
  private readonly overlay = new Overlay();

  constructor(private readonly send: Line["send"]) {}

  obey(order: Order): void {
    switch (order.type) {
      case "point":
        this.turn(order.on);
        return;
      case "key":
        if (this.isOn) this.press(order.key, order.more);
        return;
      case "glow":
        if (!this.isOn) this.overlay.show(order.path === null ? null : find(order.path), false);
        return;
      case "probe":
        this.send({ type: "probed", id: order.id, places: this.probe(order.boxes) });
        return;
      case "picture":
        void takePicture(this.overlay.host).then(
          (picture) => this.send({ type: "picture", id: order.id, ...picture }, [picture.image]),
          () => this.send({ type: "picture", id: order.id, image: null, width: 0, height: 0 }),
        );
    }
  }

  /** An event that the page shall not see. */
  take(event: Event): void {
    event.stopImmediatePropagation();
    const { type } = event;
    if (type === "wheel") this.scroll(event as WheelEvent);
    else if (type === "keydown") this.pressed(event as KeyboardEvent);
    else if (type === "pointermove" || type === "pointerdown") this.follow(event as PointerEvent);
    else if (type === "click") this.pick((event as MouseEvent).shiftKey);
    // A touch has to go on to scroll, and a pointer to become a click.
    if (!/^(touch|pointer|wheel|key)/.test(type)) event.preventDefault();
  }

  private turn(on: boolean): void {
    this.isOn = on;
    this.element = this.at = null;
    this.overlay.show(null, on);
    this.send({ type: "pointing", on });
  }

  private follow({ clientX: x, clientY: y }: PointerEvent): void {
    this.at = { x, y };
    this.choose(elementAt(x, y, this.overlay.host));
  }

  private choose(element: Element | null): void {
    if (element === this.element) return;
    this.element = element;
    this.overlay.show(element, true);
  }

  private pick(more: boolean): void {
    const { element, at } = this;
    if (!element) return;
    this.send({ type: "picked", place: describe(element, at), more });
    if (!more) this.turn(false);
  }

  private pressed(event: KeyboardEvent): void {
    if (this.press(event.key, event.shiftKey)) event.preventDefault();
  }

  private press(key: string, more: boolean): boolean {
    if (key === "Escape") this.turn(false);
    else if (key === "Enter") this.pick(more);
    else return this.step(key);
    return true;
  }

  private step(key: string): boolean {
    if (!key.startsWith("Arrow")) return false;
    const next = this.element ? neighbour(this.element, key, this.overlay.host) : document.body;
    if (next) {
      this.at = null;
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
      this.choose(next);
      this.send({ type: "pointed", text: labelOf(next) });
    }
    return true;
  }

  /** The overlay lies above the page: what the wheel would scroll there has to be scrolled for it. */
  private scroll({ clientX, clientY, deltaX, deltaY }: WheelEvent): void {
    let element = elementAt(clientX, clientY, this.overlay.host);
    for (; element && element !== document.documentElement; element = element.parentElement) {
      const { overflowY, overflowX } = getComputedStyle(element);
      const isTall = SCROLLS.test(overflowY) && element.scrollHeight > element.clientHeight;
      const isWide = SCROLLS.test(overflowX) && element.scrollWidth > element.clientWidth;
      if (!isTall && !isWide) continue;
      element.scrollBy(deltaX, deltaY);
      return;
    }
  }

  private probe(boxes: Box[]): GuestPlace[] {
    const found = new Set<Element>();
    const places: GuestPlace[] = [];
    for (const box of boxes) {
      const element = underBox(box, this.overlay.host);
      if (!element || found.has(element) || places.length >= LIMITS.places) continue;
      found.add(element);
      places.push(describe(element, { x: box.x + box.width / 2, y: box.y + box.height / 2 }));
    }
    return places;
  }
}

export function openPointer(send: Line["send"]): Pointer {
  return new Pointer(send);
}
