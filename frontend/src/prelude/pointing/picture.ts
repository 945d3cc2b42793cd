/** A picture of what the window shows of the page, drawn by the browser from a copy of its elements. */

import { createContext, domToCanvas } from "modern-screenshot";
import { LIMITS } from "../../bridge/messages";

export interface Picture {
  image: ArrayBuffer;
  /** Of the window, in px of CSS. */
  width: number;
  height: number;
}

const LONGEST_EDGE = 1568; // pixels; models do not look closer
const PATIENCE = 3000; // ms for the fonts and images of the page
const MOST_ELEMENTS = 8000;

/** Rejects where the page cannot be pictured. */
export async function takePicture(overlay: Element): Promise<Picture> {
  if (document.querySelectorAll("*").length > MOST_ELEMENTS) throw new Error("too many elements");
  const { innerWidth: width, innerHeight: height } = window;
  const release = await holdCanvases();
  try {
    const canvas = await drawPage(overlay, width, height);
    return { image: await encode(canvas), width, height };
  } finally {
    release();
  }
}

async function drawPage(overlay: Element, width: number, height: number): Promise<HTMLCanvasElement> {
  const context = await createContext(document.documentElement, {
    width,
    height,
    scale: Math.min(devicePixelRatio, LONGEST_EDGE / Math.max(width, height)),
    backgroundColor: backgroundOf(document.body) ?? backgroundOf(document.documentElement) ?? "white",
    timeout: PATIENCE,
    features: { restoreScrollPosition: true },
    // Scrolled by its margins: a transform of the body would take along what is fixed to the window.
    style: { margin: `${-scrollY}px 0 0 ${-scrollX}px`, overflow: "visible", position: "relative" },
    onCloneNode: (root) => unmove((root as Element).querySelector("body")),
    filter: (node) => node !== overlay && !isBelow(node, height),
  });
  // To learn the styles that need not be copied it would look into a frame, and an opaque origin cannot.
  context.sandbox = { contentWindow: null, remove: () => {} } as unknown as HTMLIFrameElement;
  return domToCanvas(context);
}

function unmove(body: HTMLElement | null): void {
  if (body) body.style.transform = getComputedStyle(document.body).transform;
}

/** What begins below the window is not seen, and what is above keeps its place without it. */
function isBelow(node: Node, height: number): boolean {
  if (!(node instanceof Element) || node === document.body || node === document.documentElement) return false;
  if (node.matches("script, noscript, iframe")) return true;
  const { top, height: tall } = node.getBoundingClientRect();
  return tall > 0 && top > height;
}

function backgroundOf(element: Element): string | null {
  const { backgroundColor } = getComputedStyle(element);
  return /^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor) ? null : backgroundColor;
}

/**
 * What WebGL has drawn can only be read in the frame that it was drawn in. So all canvases are read after the page has
 * drawn its next frame, and answer with that until they are released.
 */
async function holdCanvases(): Promise<() => void> {
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const canvases = [...document.querySelectorAll("canvas")];
  const urls = canvases.map((canvas) => canvas.toDataURL()); // throws where one holds what the page may not read
  for (const [at, canvas] of canvases.entries()) {
    Object.defineProperty(canvas, "toDataURL", { value: () => urls[at], configurable: true });
  }
  return () => {
    for (const canvas of canvases) delete (canvas as Partial<HTMLCanvasElement>).toDataURL;
  };
}

async function encode(canvas: HTMLCanvasElement): Promise<ArrayBuffer> {
  for (const [type, quality] of [["image/png"], ["image/jpeg", 0.9], ["image/jpeg", 0.6]] as const) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    if (blob && blob.size <= LIMITS.picture) return blob.arrayBuffer();
  }
  throw new Error("too large");
}
