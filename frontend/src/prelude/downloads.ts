/** Files that the page gives to a person: read here, offered in the app's bar. */

import { LIMITS } from "../bridge/messages";
import type { Line } from "./line";
import type { BlobOf } from "./scope";
import { nameFor } from "./targets";
import type { Texts } from "./texts";
import { showToast } from "./toast";

const fetch = window.fetch.bind(window);

export class Downloads {
  constructor(
    private readonly line: Line,
    private readonly blobOf: BlobOf,
    private readonly texts: Texts,
  ) {}

  /** The blob is taken at once: pages revoke its address in the next line. */
  offer(url: string, name: string): void {
    const blob = this.blobOf(url);
    const content = blob ? Promise.resolve(blob) : fetch(url).then(readResponse);
    content.then(
      (read) => this.send(read, name || nameFor(url, read.type)),
      (error) => console.error(`The download of ${name || url} failed:`, error),
    );
  }

  private async send(blob: Blob, name: string): Promise<void> {
    if (blob.size > LIMITS.download) return showToast(this.texts.tooLarge);
    const content = await blob.arrayBuffer();
    this.line.send({ type: "download", name: name.slice(0, 255), mime: blob.type, content }, [content]);
  }
}

async function readResponse(response: Response): Promise<Blob> {
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.blob();
}
