import { LIMITS } from "./messages";

export interface Dimensions {
  type: "image/png" | "image/jpeg";
  width: number;
  height: number;
}

/**
 * What an artifact calls a picture of itself, by its first bytes; null unless it is a PNG or JPEG of a size that can be
 * decoded without harm. Read before any decoder sees it: few bytes can hold very many pixels.
 */
export function measurePicture(content: ArrayBuffer): Dimensions | null {
  if (content.byteLength > LIMITS.picture) return null;
  const view = new DataView(content);
  const found = measurePng(view) ?? measureJpeg(view);
  if (!found) return null;
  const { width, height } = found;
  const isSound = width > 0 && height > 0 && width <= LIMITS.pixels && height <= LIMITS.pixels;
  return isSound ? found : null;
}

/** Decodes and draws anew, so that nothing but pixels goes on. Null where it cannot be decoded. */
export async function decodePicture(content: ArrayBuffer): Promise<HTMLCanvasElement | null> {
  const found = measurePicture(content);
  if (!found) return null;
  const bitmap = await createImageBitmap(new Blob([content], { type: found.type })).catch(() => null);
  if (!bitmap) return null;
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
}

const PNG = [0x89504e47, 0x0d0a1a0a];
const IHDR = 0x49484452;

function measurePng(view: DataView): Dimensions | null {
  if (view.byteLength < 33 || view.getUint32(0) !== PNG[0] || view.getUint32(4) !== PNG[1]) return null;
  if (view.getUint32(12) !== IHDR) return null;
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** Walks over the segments to the start of the frame, which tells the size. */
function measureJpeg(view: DataView): Dimensions | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker < 0xff01 || marker === 0xffda) return null; // no segment, or the pixels
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) {
      return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}
