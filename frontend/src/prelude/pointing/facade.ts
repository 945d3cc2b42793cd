/**
 * Pointing at the page, before its code is there: most visits never need it, so the shelf serves it apart.
 *
 * While a person points, the page must not see what they do. Only who listens first can see to that, so the prelude
 * listens on the window from the beginning, and hands the events over when they are wanted.
 */

import type { HostMessage } from "../../bridge/messages";
import type { Line } from "../line";
import type { Pointer } from "./pointer";

export type Order = Exclude<HostMessage, { type: "fullscreen" }>;
type Module = { openPointer(send: Line["send"]): Pointer };

const EVENTS = [
  ...["pointerdown", "pointerup", "pointermove", "pointerover", "pointerout", "pointercancel"],
  ...["mousedown", "mouseup", "mousemove", "mouseover", "mouseout", "click", "dblclick", "auxclick"],
  ...["contextmenu", "touchstart", "touchmove", "touchend", "touchcancel", "wheel", "dragstart"],
  ...["selectstart", "keydown", "keypress", "keyup"],
];

export class Pointing {
  private loading: Promise<Pointer> | undefined;
  private pointer: Pointer | undefined;

  constructor(
    private readonly shelf: string,
    private readonly line: Line,
  ) {}

  obey(order: Order): void {
    if (!this.loading && isEnd(order)) return;
    this.loading ??= (import(`${this.shelf}/playground/pointing.js`) as Promise<Module>).then((module) => {
      this.pointer = module.openPointer((message, transfer) => this.line.send(message, transfer));
      return this.pointer;
    });
    this.loading.then(
      (pointer) => pointer.obey(order),
      () => this.line.send({ type: "pointing", on: false }),
    );
  }

  listen(): void {
    for (const type of EVENTS) window.addEventListener(type, this.guard, true);
  }

  private readonly guard = (event: Event): void => {
    if (this.pointer?.isOn && event.isTrusted) this.pointer.take(event);
  };
}

/** Whether the order only ends what was begun before. */
function isEnd(order: Order): boolean {
  return (order.type === "glow" && order.path === null) || (order.type === "point" && !order.on);
}
