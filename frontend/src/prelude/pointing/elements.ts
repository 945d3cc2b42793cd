/** Finding elements of the page: at a point, under a box, by a path, beside another. */

import type { Box } from "../../protocol.gen";

/** Leads into an open shadow root. */
export const INTO = " >>> ";

/** `overlay` is ours and lies above everything. */
export function elementAt(x: number, y: number, overlay: Element): Element | null {
  let found = document.elementsFromPoint(x, y).find((element) => element !== overlay) ?? null;
  for (let root = found?.shadowRoot; root; root = found?.shadowRoot) {
    const inner: Element | undefined = root.elementsFromPoint(x, y).find((one) => one.getRootNode() === root);
    if (!inner) break;
    found = inner;
  }
  return found === document.documentElement ? document.body : found;
}

/** What a mark was drawn around: the element at its middle, or the first around that which is not much smaller. */
export function underBox(box: Box, overlay: Element): Element | null {
  let element = elementAt(box.x + box.width / 2, box.y + box.height / 2, overlay);
  while (element?.parentElement && element !== document.body) {
    const { width, height } = element.getBoundingClientRect();
    if (width * height >= (box.width * box.height) / 3) break;
    element = element.parentElement;
  }
  return element;
}

export function neighbour(element: Element, key: string, overlay: Element): Element | null {
  const next = {
    ArrowUp: parentOf,
    ArrowDown: ({ shadowRoot, firstElementChild }: Element) =>
      shadowRoot?.firstElementChild ?? firstElementChild,
    ArrowLeft: ({ previousElementSibling }: Element) => previousElementSibling,
    ArrowRight: ({ nextElementSibling }: Element) => nextElementSibling,
  }[key];
  let found = next?.(element) ?? null;
  const goesOn = key === "ArrowLeft" ? "previousElementSibling" : "nextElementSibling";
  while (found && key !== "ArrowUp" && (found === overlay || isUnseen(found))) found = found[goesOn];
  return found === document.documentElement ? null : found;
}

function isUnseen(element: Element): boolean {
  return getComputedStyle(element).display === "none"; // as scripts and styles are
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** A selector that finds the element again, and reads like what a person would write. */
export function pathOf(element: Element): string {
  const root = element.getRootNode();
  const path = pathWithin(element, root as Document | ShadowRoot);
  return root instanceof ShadowRoot ? pathOf(root.host) + INTO + path : path;
}

function pathWithin(element: Element, root: Document | ShadowRoot): string {
  const steps: string[] = [];
  for (let step: Element | null = element; step; step = step.parentElement) {
    steps.unshift(stepOf(step));
    const path = steps.join(" > ");
    if ((step.id || step === document.body) && isOnly(path, element, root)) return path;
  }
  return steps.join(" > ");
}

function stepOf(element: Element): string {
  const tag = CSS.escape(element.localName);
  if (element.id) return `${tag}#${CSS.escape(element.id)}`;
  const alike = [...(element.parentNode?.children ?? [])].filter(
    ({ localName }) => localName === element.localName,
  );
  const classes = [...element.classList].slice(0, 2).map((name) => `.${CSS.escape(name)}`);
  return alike.length < 2
    ? tag + classes.join("")
    : `${tag}${classes.join("")}:nth-of-type(${alike.indexOf(element) + 1})`;
}

function isOnly(path: string, element: Element, root: Document | ShadowRoot): boolean {
  const found = root.querySelectorAll(path);
  return found.length === 1 && found[0] === element;
}

export function find(path: string): Element | null {
  try {
    let found: Element | null = null;
    for (const part of path.split(INTO)) {
      const root: Document | ShadowRoot | null = found ? found.shadowRoot : document;
      found = root?.querySelector(part) ?? null;
    }
    return found;
  } catch {
    return null; // a path that was cut
  }
}
