import { describe, expect, it } from "vitest";
import { LIMITS } from "./messages";
import { measurePicture } from "./pictures";

function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(60);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

/** With a segment before the frame, as cameras and browsers write it. */
function jpeg(width: number, height: number): Uint8Array {
  const frame = [0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 0, 0, 0];
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 6, 1, 2, 3, 4, 0xff, 0xc4, 0, 3, 9, ...frame]);
}

const measure = (bytes: Uint8Array) => measurePicture(bytes.slice().buffer as ArrayBuffer);

describe("a picture", () => {
  it("is measured by its own bytes", () => {
    expect(measure(png(800, 600))).toEqual({ type: "image/png", width: 800, height: 600 });
    expect(measure(jpeg(1568, 900))).toEqual({ type: "image/jpeg", width: 1568, height: 900 });
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["text", new TextEncoder().encode("<svg onload=alert(1)>".repeat(9))],
    ["a cut PNG", png(800, 600).slice(0, 20)],
    ["a PNG without a header", png(800, 600).fill(0, 12, 16)],
    ["a PNG of too many pixels", png(65_535, 65_535)],
    ["an empty PNG", png(0, 600)],
    ["a JPEG of too many pixels", jpeg(65_535, 9)],
    ["a JPEG that never comes to its frame", new Uint8Array(5000).fill(0xff, 0, 1).fill(0xd8, 1, 2)],
    ["a JPEG of empty segments", new Uint8Array(5000).map((_, at) => [0xff, 0xe0, 0, 0][at % 4] ?? 0)],
    ["too many bytes", new Uint8Array(LIMITS.picture + 1)],
  ])("is none: %s", (_, bytes) => {
    expect(measure(bytes)).toBe(null);
  });
});
