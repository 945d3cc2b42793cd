/** The databases themselves: an implementation in memory, loaded by the prelude when a page touches IndexedDB. */

import * as implementation from "fake-indexeddb";
import { dump, restore } from "./dump";

export interface Databases {
  factory: IDBFactory;
  /** `IDBKeyRange` and its like, by their names in a window. */
  classes: Record<string, unknown>;
  dump(): Promise<string>;
}

/** `onChange` is called after each transaction that may have changed something. */
export async function openDatabases(text: string, onChange: () => void): Promise<Databases> {
  const factory = new implementation.IDBFactory();
  await restore(factory, text).catch((error) =>
    console.warn("The databases of earlier visits could not be read:", error),
  );
  watch(onChange);
  const classes = Object.fromEntries(
    Object.entries(implementation).filter(([name]) => name.startsWith("IDB")),
  );
  // The dump itself opens databases: it does not see this page's wrapper, and only reads.
  return { factory, classes, dump: () => dump(factory) };
}

function watch(onChange: () => void): void {
  const { prototype } = implementation.IDBDatabase;
  const begin = prototype.transaction;
  prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof begin>) {
    const transaction = begin.apply(this, args);
    if (transaction.mode !== "readonly") transaction.addEventListener("complete", onChange);
    return transaction;
  };
}
