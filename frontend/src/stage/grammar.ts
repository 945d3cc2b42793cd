import { ensureSyntaxTree } from "@codemirror/language";
import type { Transaction } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

const SLICE = 12; // milliseconds of reading at a time
const PATIENCE = 500; // milliseconds for the browser to be idle

/** Gives a view another grammar once that has read the whole text, in small pieces while the browser is idle: till then the colours stay as they are. */
export class GrammarChange {
  #task: number | ReturnType<typeof setTimeout> | undefined;

  /** `change`: the transaction that brings the grammar, made anew where the view has changed meanwhile. Once begun, it goes on. */
  begin(view: EditorView, change: () => Transaction): void {
    if (this.#task !== undefined) return;
    let planned = change();
    const read = () => {
      if (planned.startState !== view.state) planned = change();
      const { state } = planned;
      if (!ensureSyntaxTree(state, state.doc.length, SLICE)) {
        this.#task = soon(read);
        return;
      }
      this.#task = undefined;
      view.dispatch(planned);
      view.dispatch({}); // takes up what was read
    };
    this.#task = soon(read);
  }

  stop(): void {
    if (typeof cancelIdleCallback === "function") cancelIdleCallback(this.#task as number);
    else clearTimeout(this.#task);
    this.#task = undefined;
  }
}

/** Safari knows no idle time. */
function soon(work: () => void): number | ReturnType<typeof setTimeout> {
  if (typeof requestIdleCallback === "function") return requestIdleCallback(work, { timeout: PATIENCE });
  return setTimeout(work, SLICE);
}
