/** Pictures for models that see: scaled down before they are sent. */

const LONGEST_EDGE = 1568; // pixels; more is thrown away by the models
const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** The file as a `data:` URL, or null where it is no picture that can be sent. */
export async function readImage(file: File): Promise<string | null> {
  if (!TYPES.includes(file.type)) return null;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONGEST_EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return file.type === "image/jpeg" ? canvas.toDataURL("image/jpeg", 0.9) : canvas.toDataURL("image/png");
}

/** The images of an earlier wish as `data:` URLs again. */
export async function readBack(urls: string[]): Promise<string[]> {
  return Promise.all(urls.map(async (url) => readUrl(await (await fetch(url)).blob())));
}

function readUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
