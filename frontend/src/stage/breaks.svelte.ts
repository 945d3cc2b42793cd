import { untrack } from "svelte";
import { Bucket } from "../bridge/bucket";
import type { FileView } from "../lib/run";
import { lengthOfPage } from "./files";

const ARRIVAL = 1000; // ms within which the page and what is told of it end together
/** Three, slowly forgiven: a page that ends its own loading would be loaded without end. */
const newReloads = () => new Bucket(3, 1 / 30);

/**
 * A page that is loaded while it is written breaks off where a proxy closes what is silent for too long. What there is
 * stays in sight; when the model goes on, the page is loaded again.
 */
export class BreakWatch {
  #read: () => Record<string, FileView> | null;
  #at = $state.raw<number | null>(null);
  #reloads = newReloads();

  /** `read`: the files of the run, null where the frame shows something else. Belongs into a component. */
  constructor(read: () => Record<string, FileView> | null, reload: () => void) {
    this.#read = read;
    $effect(() => {
      if (this.#at === null) return;
      const files = this.#read();
      if (!files || lengthOfPage(files) <= this.#at) return;
      untrack(() => {
        this.#at = null;
        if (this.#reloads.take(performance.now())) reload();
      });
    });
  }

  /** Another page is shown. */
  reset(): void {
    this.#at = null;
  }

  /** The frame says that its page is whole. */
  noteLoad(): void {
    const files = this.#read();
    if (!files || lengthOfPage(files) === Infinity) return;
    const length = lengthOfPage(files);
    setTimeout(() => {
      const later = this.#read();
      if (later && lengthOfPage(later) < Infinity) this.#at = length;
    }, ARRIVAL);
  }
}
