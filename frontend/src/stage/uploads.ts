import { t } from "../i18n";
import type { FileView } from "../lib/run";

const MOST_BYTES = 5 * 1024 * 1024;
const BINARY =
  /\.(png|jpe?g|gif|webp|avif|ico|mp3|wav|ogg|oga|opus|ogv|flac|aac|mp4|m4v|m4a|mov|webm|woff2?|ttf|otf|glb|wasm|bin)$/i;

export interface Upload {
  path: string;
  /** As the API takes it. */
  content: string;
  view: FileView;
}

/** A file of the person's as one of the artifact's. What it holds is checked by the server. */
export async function readUpload(
  file: File,
  folder: string,
  taken: string[],
): Promise<Upload | { refusal: string }> {
  if (file.size > MOST_BYTES) return { refusal: t.editing.tooLarge };
  const path = freeName(folder + cleanName(file.name), taken);
  if (!BINARY.test(path)) {
    const text = await file.text();
    return { path, content: text, view: { path, language: "", text, state: "complete" } };
  }
  const base64 = encode(new Uint8Array(await file.arrayBuffer()));
  const asset = { mime: file.type, size: file.size, base64 };
  const view: FileView = { path, language: "", text: "", state: "complete", asset };
  return { path, content: `base64:${base64}`, view };
}

/** The name as artifacts may have it: letters, digits, `.`, `_` and `-`. */
export function cleanName(name: string): string {
  const clean = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/, "")
    .replace(/-+(\.[^.]*)$/, "$1");
  return clean || "file";
}

/** The path, counted up where it is taken. */
export function freeName(path: string, taken: string[]): string {
  const [, stem = path, ending = ""] = /^(.*?)(\.[^./]*)?$/.exec(path) ?? [];
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? path : `${stem}-${count}${ending}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

function encode(bytes: Uint8Array): string {
  const STEP = 0x8000; // arguments that a call can have
  let text = "";
  for (let start = 0; start < bytes.length; start += STEP) {
    text += String.fromCharCode(...bytes.subarray(start, start + STEP));
  }
  return btoa(text);
}
