/** All databases as one text, and back. */

import { decode, encode, type Json } from "./encoding";

interface StoreDump {
  name: string;
  keyPath: string | string[] | null;
  autoIncrement: boolean;
  indexes: { name: string; keyPath: string | string[]; unique: boolean; multiEntry: boolean }[];
  records: [Json, Json][];
}

interface DatabaseDump {
  name: string;
  version: number;
  stores: StoreDump[];
}

export async function dump(factory: IDBFactory): Promise<string> {
  const result: DatabaseDump[] = [];
  for (const { name, version } of await factory.databases()) {
    if (name !== undefined && version) result.push(await dumpDatabase(factory, name));
  }
  return result.length ? JSON.stringify(result) : "";
}

async function dumpDatabase(factory: IDBFactory, name: string): Promise<DatabaseDump> {
  const database = await settled(factory.open(name));
  const names = [...database.objectStoreNames];
  const stores: StoreDump[] = [];
  try {
    const contents = names.length ? await readStores(database, names) : [];
    for (const { store, keys, values } of contents) {
      const records: [Json, Json][] = [];
      for (const [at, key] of keys.entries()) records.push([await encode(key), await encode(values[at])]);
      stores.push({ ...store, records });
    }
    return { name, version: database.version, stores };
  } finally {
    database.close();
  }
}

/** All of it within one transaction, so that it fits together. */
function readStores(database: IDBDatabase, names: string[]) {
  const transaction = database.transaction(names, "readonly");
  return Promise.all(
    names.map(async (name) => {
      const store = transaction.objectStore(name);
      const { keyPath, autoIncrement } = store;
      const indexes = [...store.indexNames].map((index) => {
        const { keyPath, unique, multiEntry } = store.index(index);
        return { name: index, keyPath, unique, multiEntry };
      });
      const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
      return { store: { name, keyPath, autoIncrement, indexes }, keys, values };
    }),
  );
}

export async function restore(factory: IDBFactory, text: string): Promise<void> {
  if (!text) return;
  for (const { name, version, stores } of JSON.parse(text) as DatabaseDump[]) {
    const request = factory.open(name, version);
    request.onupgradeneeded = () => {
      for (const store of stores) restoreStore(request.result, store);
    };
    (await settled(request)).close();
  }
}

function restoreStore(
  database: IDBDatabase,
  { name, keyPath, autoIncrement, indexes, records }: StoreDump,
): void {
  const store = database.createObjectStore(name, { keyPath, autoIncrement });
  for (const { name, keyPath, ...options } of indexes) store.createIndex(name, keyPath, options);
  for (const [key, value] of records) {
    if (keyPath === null) store.put(decode(value), decode(key) as IDBValidKey);
    else store.put(decode(value));
  }
}

export function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
