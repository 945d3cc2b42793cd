/** Short notices inside the frame. They live in a closed shadow root above the page and take no part in its layout. */

import { later } from "./timers";

const SHOWN = 6000; // ms
const MOST = 3;
const STYLE = `
  :host { all: initial; position: fixed; inset: auto 0 16px; margin: 0; padding: 0; border: 0; width: auto;
    background: none; overflow: visible; pointer-events: none; z-index: 2147483647; display: grid; gap: 8px;
    justify-items: center; }
  p { pointer-events: auto; box-sizing: border-box; max-width: min(92vw, 460px); max-height: 40vh; overflow: auto;
    margin: 0; padding: 10px 14px; border-radius: 8px; background: #1d1c1a; color: #f6f4ef; white-space: pre-wrap;
    overflow-wrap: anywhere; font: 14px/1.45 system-ui, sans-serif; box-shadow: 0 4px 20px #0006; cursor: pointer; }
`.replace(/\s+/g, " ");

let host: HTMLElement | undefined;
let root: ShadowRoot | undefined;
const attachShadow = Element.prototype.attachShadow;

export function showToast(text: string): void {
  if (!document.documentElement) return;
  const list = place();
  const toast = document.createElement("p");
  toast.setAttribute("role", "status");
  toast.textContent = text.slice(0, 2000);
  toast.onclick = () => remove(toast);
  list.append(toast);
  if (list.querySelectorAll("p").length > MOST) list.querySelector("p")?.remove();
  later(SHOWN, () => remove(toast));
}

function place(): ShadowRoot {
  if (!host || !root) {
    host = document.createElement("div");
    host.popover = "manual";
    root = attachShadow.call(host, { mode: "closed" });
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.append(style);
  }
  if (!host.isConnected) document.documentElement.append(host);
  // Again on top of what came to the top layer meanwhile.
  host.hidePopover?.();
  host.showPopover?.();
  return root;
}

function remove(toast: Element): void {
  toast.remove();
  if (!root?.querySelector("p")) host?.remove();
}
