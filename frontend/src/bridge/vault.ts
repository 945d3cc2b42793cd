import { Area, Kept } from "./kept";

/**
 * Where the pages' storage is kept: the app's own IndexedDB, a row for each item, so that a change writes no more than
 * itself. `sessionStorage` stays in the tab. Keys are artifact ids, or a conversation's id before it has an artifact.
 */
export interface Vault {
  load(key: string): Promise<Kept>;
  /** `value` null removes. Written soon, in order; what cannot be written is kept by the open page alone. */
  write(key: string, area: RowArea, name: string, value: string | null): void;
  /** Remember the area of the tab, at the page's end. */
  keepSession(key: string, session: Area): void;
  clear(key: string): Promise<void>;
  /** Give what is kept under `from` to `to`, unless that has something of its own. */
  carry(from: string, to: string): Promise<void>;
}

export type RowArea = "local" | "cookie" | "databases";
type RowKey = [key: string, area: RowArea, name: string];

const DATABASE = "playground-pages";
const STORE = "rows";

/** The one vault of this page. */
let shared: Vault | null = null;
export function openVault(): Vault {
  shared ??= new IndexedVault();
  return shared;
}

/** For a page that is shown beside the one in use: it finds what is kept, and leaves nothing of its own. */
export class ReadingVault implements Vault {
  #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  load(key: string): Promise<Kept> {
    return this.#vault.load(key);
  }

  write(): void {}

  keepSession(): void {}

  async clear(): Promise<void> {}

  async carry(): Promise<void> {}
}

export class IndexedVault implements Vault {
  #opening: Promise<IDBDatabase> | null = null;
  /** Not written yet, by row; null for a removal. A row that changes again before that is written once. */
  #waiting = new Map<string, { row: RowKey; value: string | null }>();
  #writing: Promise<void> | null = null;

  async load(key: string): Promise<Kept> {
    await this.#writing;
    const kept = new Kept();
    kept.session = readSession(key);
    try {
      for (const [[, area, name], value] of await this.#rows(key)) {
        if (area === "local") kept.local.set(name, value);
        else kept[area] = value;
      }
    } catch {
      // storage is switched off or broken: the page starts with nothing
    }
    return kept;
  }

  write(key: string, area: RowArea, name: string, value: string | null): void {
    const row: RowKey = [key, area, name];
    this.#waiting.set(JSON.stringify(row), { row, value });
    this.#writing ??= this.#writeAll();
  }

  keepSession(key: string, session: Area): void {
    try {
      if (session.size === 0) sessionStorage.removeItem(sessionKey(key));
      else sessionStorage.setItem(sessionKey(key), JSON.stringify(session.toRecord()));
    } catch {
      // full or switched off
    }
  }

  async clear(key: string): Promise<void> {
    await this.#writing;
    this.keepSession(key, new Area());
    await this.#change((store) => store.delete(rangeOf(key))).catch(() => {});
  }

  async carry(from: string, to: string): Promise<void> {
    await this.#writing;
    try {
      const rows = await this.#rows(from);
      const isTaken = (await this.#rows(to)).length > 0;
      await this.#change((store) => {
        if (!isTaken) for (const [[, area, name], value] of rows) store.put(value, [to, area, name]);
        store.delete(rangeOf(from));
      });
    } catch {
      // stays with the open page
    }
  }

  /** One transaction after another; what changes meanwhile goes into the next. */
  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        const rows = [...this.#waiting.values()];
        this.#waiting.clear();
        await this.#change((store) => {
          for (const { row, value } of rows) {
            if (value === null) store.delete(row);
            else store.put(value, row);
          }
        });
      }
    } catch {
      this.#waiting.clear();
    } finally {
      this.#writing = null;
    }
  }

  async #rows(key: string): Promise<[RowKey, string][]> {
    const store = (await this.#open()).transaction(STORE).objectStore(STORE);
    const [keys, values] = await Promise.all([
      answerOf(store.getAllKeys(rangeOf(key))),
      answerOf(store.getAll(rangeOf(key))),
    ]);
    return keys.map((row, index) => [row as RowKey, String(values[index])]);
  }

  async #change(change: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = (await this.#open()).transaction(STORE, "readwrite");
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      change(transaction.objectStore(STORE));
    });
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return this.#opening;
  }
}

function rangeOf(key: string): IDBKeyRange {
  return IDBKeyRange.bound([key], [key, []]); // arrays sort after texts
}

function answerOf<Answer>(request: IDBRequest<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function sessionKey(key: string): string {
  return `playground:page:${key}`;
}

function readSession(key: string): Area {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(sessionKey(key)) ?? "{}");
    return new Area(Object.entries(kept as Record<string, string>));
  } catch {
    return new Area();
  }
}
