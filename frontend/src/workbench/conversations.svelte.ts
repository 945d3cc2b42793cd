import { api } from "../lib/api";
import type { ConversationDetail, ConversationInfo } from "../protocol.gen";
import type { Attempts } from "./attempts.svelte";

/** What is open. */
interface Bench {
  readonly attempts: Attempts;
  conversation: ConversationDetail | null;
  newWish(): void;
}

/** The lists of conversations, and what is done to one of them. */
export class Conversations {
  own = $state.raw<ConversationInfo[]>([]);
  /** What others have shared with this person. */
  shared = $state.raw<ConversationInfo[]>([]);
  #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async refresh(): Promise<void> {
    this.own = await api.listConversations().catch(() => this.own);
    this.shared = await api.listShared().catch(() => this.shared);
  }

  async rename(id: string, title: string): Promise<void> {
    await api.renameConversation(id, title).catch(this.#bench.attempts.refuse);
    const { conversation } = this.#bench;
    if (conversation?.id === id) this.#bench.conversation = { ...conversation, title };
    await this.refresh();
  }

  async remove(id: string): Promise<void> {
    await api.deleteConversation(id).catch(this.#bench.attempts.refuse);
    await this.#close(id);
  }

  /** Forget a conversation of somebody else. */
  async leave(id: string): Promise<void> {
    await api.leave(id).catch(this.#bench.attempts.refuse);
    await this.#close(id);
  }

  async #close(id: string): Promise<void> {
    if (this.#bench.conversation?.id === id) this.#bench.newWish();
    await this.refresh();
  }
}
