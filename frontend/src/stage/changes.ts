import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** The one stretch in which two texts differ; whole lines where lines came in. */
export function changeBetween(before: string, after: string): Change {
  const change = findChange(before, after);
  while (change.from === change.to && change.from > 0 && !change.insert.endsWith("\n")) {
    const last = change.insert.slice(-1);
    if (last !== before[change.from - 1]) break;
    change.insert = last + change.insert.slice(0, -1);
    change.from = change.to = change.from - 1;
  }
  return change;
}

function findChange(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let end = 0;
  while (end < shorter - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

/** Marks the lines of a stretch as changed. */
export const markChanged = StateEffect.define<{ from: number; to: number }>();

const LINE = Decoration.line({ class: "cm-changed" });

/** The lines that a wish has changed, kept through later changes. */
export const changedLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marked, transaction) {
    let next = marked.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markChanged)) continue;
      const { doc } = transaction.state;
      const first = doc.lineAt(effect.value.from).number;
      const last = doc.lineAt(Math.max(effect.value.from, effect.value.to - 1)).number;
      const add = Array.from({ length: last - first + 1 }, (_, index) =>
        LINE.range(doc.line(first + index).from),
      );
      next = next.update({ add, filter: (from) => !add.some((line) => line.from === from) });
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
