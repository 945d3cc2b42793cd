/** Shows which element is meant. In a closed shadow root above the page, so that neither changes the other. */

import { labelOf } from "./describing";

const STYLE = `
  :host { all: initial; position: fixed; inset: 0; margin: 0; padding: 0; border: 0; width: auto; height: auto;
    max-width: none; max-height: none; background: none; overflow: hidden; pointer-events: none;
    z-index: 2147483647; }
  :host([data-on]) { pointer-events: auto; cursor: crosshair; touch-action: pan-x pan-y pinch-zoom; }
  div { position: absolute; box-sizing: border-box; border: 2px solid #d8481c; border-radius: 3px;
    background: #d8481c1f; box-shadow: 0 0 0 1px #fffc; }
  p { position: absolute; box-sizing: border-box; max-width: min(90vw, 420px); margin: 0; padding: 3px 7px;
    border-radius: 4px; background: #b83a14; color: #fff; font: 12px/1.4 system-ui, sans-serif; overflow: hidden;
    text-overflow: ellipsis; white-space: nowrap; }
`.replace(/\s+/g, " ");
const GAP = 4; // px between the box and its label

export class Overlay {
  readonly host = document.createElement("div");
  private readonly box = document.createElement("div");
  private readonly label = document.createElement("p");
  private element: Element | null = null;
  private isFollowing = false;

  constructor() {
    this.host.popover = "manual";
    const root = this.host.attachShadow({ mode: "closed" });
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.append(style, this.box, this.label);
  }

  /** `isOn`: it takes the pointer, too. */
  show(element: Element | null, isOn: boolean): void {
    this.element = element;
    this.host.toggleAttribute("data-on", isOn);
    if (!element && !isOn) {
      this.host.remove();
      return;
    }
    if (!this.host.isConnected) {
      document.documentElement.append(this.host);
      this.host.showPopover?.();
    }
    this.label.textContent = element ? labelOf(element) : "";
    if (!this.isFollowing) this.follow();
  }

  /** The page may scroll and move meanwhile. */
  private follow(): void {
    this.isFollowing = this.host.isConnected;
    if (!this.isFollowing) return;
    this.box.hidden = this.label.hidden = !this.element;
    if (this.element) this.place(this.element.getBoundingClientRect());
    requestAnimationFrame(() => this.follow());
  }

  private place({ left, top, width, height, bottom }: DOMRect): void {
    Object.assign(this.box.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
    const tall = this.label.offsetHeight + GAP;
    const below = bottom + GAP + tall < innerHeight ? bottom + GAP : Math.max(GAP, innerHeight - tall);
    const at = top > tall ? top - tall : below;
    const right = innerWidth - this.label.offsetWidth - GAP;
    this.label.style.top = `${Math.min(at, innerHeight - tall)}px`;
    this.label.style.left = `${Math.max(GAP, Math.min(left, right))}px`;
  }
}
