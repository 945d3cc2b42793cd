import { SvelteMap } from "svelte/reactivity";
import type { BuildDetail, BuildInfo, BuildMeans, RunInfo } from "../protocol.gen";
import { buildApi, type StopMode } from "./api";

const PAUSE = 1000; // milliseconds between two questions about the same build

/** What the server says of builds, beyond their logs: files, the queue, messages, evidence. */
export class Builds {
  means = $state.raw<BuildMeans | null>(null);
  #details = new SvelteMap<string, BuildDetail>();
  #asking = new Map<string, { isAgain: boolean }>();

  infoOf(run: RunInfo): BuildInfo | null {
    return this.#details.get(run.id) ?? run.build;
  }

  /** With its files and messages, once they are there. */
  detailOf(id: string): BuildDetail | null {
    return this.#details.get(id) ?? null;
  }

  /** Ask how it stands now; whoever asks meanwhile is answered together. */
  async refresh(id: string): Promise<void> {
    const open = this.#asking.get(id);
    if (open) {
      open.isAgain = true;
      return;
    }
    const asked = { isAgain: false };
    this.#asking.set(id, asked);
    const detail = await buildApi.get(id).catch(() => null); // the next event, or the next look, asks again
    if (detail) this.#take(id, detail);
    setTimeout(() => {
      this.#asking.delete(id);
      if (asked.isAgain) void this.refresh(id);
    }, PAUSE);
  }

  async stop(id: string, mode: StopMode): Promise<void> {
    this.#take(id, await buildApi.stop(id, mode));
  }

  async tell(id: string, text: string): Promise<void> {
    const message = await buildApi.tell(id, text);
    const known = this.#details.get(id);
    const isThere = known?.messages.some((other) => other.id === message.id); // other news has brought it
    if (!known) await this.refresh(id);
    else if (!isThere) this.#details.set(id, { ...known, messages: [...known.messages, message] });
  }

  async loadMeans(): Promise<void> {
    this.means = await buildApi.getMeans().catch(() => this.means);
  }

  /** The address of the same files is signed anew each time; the page that shows them stays. */
  #take(id: string, detail: BuildDetail): void {
    const known = this.#details.get(id);
    const isSame = known && JSON.stringify(known.files) === JSON.stringify(detail.files);
    this.#details.set(id, isSame ? { ...detail, frame_url: known.frame_url } : detail);
  }
}
