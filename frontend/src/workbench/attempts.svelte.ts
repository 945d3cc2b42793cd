import { ApiError, problem } from "../lib/api";
import type { Problem } from "../protocol.gen";

/** What this person asks of the server: one request at a time, and why the last was refused. */
export class Attempts {
  isSending = $state(false);
  refusal = $state.raw<Problem | null>(null);

  /** True when it was accepted. */
  async make(ask: () => Promise<void>): Promise<boolean> {
    if (this.isSending) return false;
    this.isSending = true;
    this.refusal = null;
    try {
      await ask();
      return true;
    } catch (error) {
      this.refuse(error);
      return false;
    } finally {
      this.isSending = false;
    }
  }

  /** For `catch`. */
  readonly refuse = (error: unknown): void => {
    this.refusal = error instanceof ApiError ? error.problem : problem("other", String(error));
  };
}
