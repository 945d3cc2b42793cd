import type { ConversationNews, Participant, RunInfo } from "../protocol.gen";
import { comings } from "./people";

/** Who has the conversation open, and what waits in it, as the server has told last. */
export class Together {
  conversation = $state<string | null>(null);
  people = $state.raw<Participant[]>([]);
  /** Wishes whose turn has not come, in order. */
  queue = $state.raw<RunInfo[]>([]);
  /** What is read out: who came or left. */
  announcement = $state("");
  /** Some link is on. */
  isShared = $state(false);
  #changed: string | null = null;

  get isKnown(): boolean {
    return this.#changed !== null;
  }

  /** Another conversation, or none. */
  begin(conversation: string | null): void {
    this.conversation = conversation;
    this.people = [];
    this.queue = [];
    this.isShared = false;
    this.announcement = "";
    this.#changed = null;
  }

  /** A wish that was just sent. */
  add(run: RunInfo): void {
    if (!this.queue.some(({ id }) => id === run.id)) this.queue = [...this.queue, run];
  }

  remove(run: RunInfo): void {
    this.queue = this.queue.filter(({ id }) => id !== run.id);
  }

  /** Returns whether something has changed that the news does not tell itself. */
  take(news: ConversationNews): boolean {
    if (this.isKnown) this.announcement = comings(this.people, news.people) || this.announcement;
    this.people = news.people;
    this.isShared = news.is_shared;
    this.queue = news.runs.filter((run) => run.status === "queued");
    const isChanged = this.isKnown && this.#changed !== news.changed;
    this.#changed = news.changed;
    return isChanged;
  }
}
