/** An element in words: what it is, what it is called, how it begins. Nothing that a person has typed into it. */

import { type GuestPlace, LIMITS } from "../../bridge/messages";
import { pathOf } from "./elements";

const LONG_DATA = /(data:[\w/+.-]*)[^"')\s]{60,}/g; // pictures inside of attributes
const MOST_HTML = 20_000; // characters that are looked at

export function describe(element: Element, at: { x: number; y: number } | null): GuestPlace {
  const { x, y, width, height } = element.getBoundingClientRect();
  const isDrawing = element.localName === "canvas" || element.closest("svg") !== null;
  return {
    path: pathOf(element),
    tag: element.localName.toLowerCase(),
    id: element.id,
    classes: [...element.classList].slice(0, LIMITS.classes),
    name: nameOf(element),
    text: textOf(element),
    html: htmlOf(element),
    box: { x, y, width, height },
    window: { width: innerWidth, height: innerHeight },
    point: isDrawing && at ? { x: at.x - x, y: at.y - y } : null,
  };
}

/** `button.primary “Start”`: short, for a label beside the element. */
export function labelOf(element: Element): string {
  const named = element.id
    ? `#${element.id}`
    : [...element.classList]
        .slice(0, 2)
        .map((name) => `.${name}`)
        .join("");
  const words = (nameOf(element) || textOf(element)).slice(0, 40);
  return `${element.localName}${named}${words ? ` “${words}”` : ""}`.slice(0, LIMITS.label);
}

function nameOf(element: Element): string {
  const ids = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
  const labels = ids.map((id) => document.getElementById(id)?.textContent ?? "");
  const own = ["aria-label", "alt", "title", "placeholder"].map((name) => element.getAttribute(name) ?? "");
  const field = [...((element as HTMLInputElement).labels ?? [])].map(({ textContent }) => textContent ?? "");
  const drawing = element.querySelector(":scope > title")?.textContent ?? "";
  return ([labels.join(" "), ...own, ...field, drawing].find((name) => name.trim()) ?? "").slice(
    0,
    LIMITS.name,
  );
}

function textOf(element: Element): string {
  if (element instanceof HTMLTextAreaElement) return "";
  // biome-ignore lint/performance/useDomNodeTextContent: only what is shown, and no scripts
  const text = element instanceof HTMLElement ? element.innerText : element.textContent;
  return (text ?? "").replace(/\s+/g, " ").trim().slice(0, LIMITS.excerpt);
}

function htmlOf(element: Element): string {
  const isSmall = element.innerHTML.length < MOST_HTML;
  const html = isSmall ? element.outerHTML : (element.cloneNode(false) as Element).outerHTML;
  return html.replace(LONG_DATA, "$1…").replace(/\s+/g, " ").slice(0, LIMITS.html);
}
