import { type GuestMessage, LIMITS } from "./messages";

export type StorageMessage = Extract<GuestMessage, { type: "storage" }>;

/** One of the two storages, which knows its size: a page may change it a hundred times a second. */
export class Area {
  size = 0;
  #items = new Map<string, string>();

  constructor(items: Iterable<[string, string]> = []) {
    for (const [name, value] of items) this.set(name, value);
  }

  get(name: string): string | null {
    return this.#items.get(name) ?? null;
  }

  set(name: string, value: string | null): void {
    const before = this.#items.get(name);
    if (before !== undefined) this.size -= name.length + before.length;
    if (value === null) this.#items.delete(name);
    else this.#items.set(name, value);
    if (value !== null) this.size += name.length + value.length;
  }

  clear(): void {
    this.#items.clear();
    this.size = 0;
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this.#items);
  }
}

/** What one artifact has stored. The quota counts keys and values of both areas together. */
export class Kept {
  local = new Area();
  session = new Area();
  cookie = "";
  databases = "";

  /** Characters, of everything. */
  get size(): number {
    return this.local.size + this.session.size + this.cookie.length + this.databases.length;
  }

  /** Apply all of the changes, or none where they would exceed the quota. */
  apply({ area, clear, changes }: StorageMessage): boolean {
    const before = this[area];
    const target = clear ? new Area() : before;
    const undone: [string, string | null][] = [];
    this[area] = target;
    for (const [name, value] of changes) {
      undone.push([name, target.get(name)]);
      target.set(name, value);
    }
    if (this.local.size + this.session.size <= LIMITS.storage) return true;
    for (const [name, value] of undone.reverse()) target.set(name, value);
    this[area] = before;
    return false;
  }

  clear(): void {
    this.local.clear();
    this.session.clear();
    this.cookie = "";
    this.databases = "";
  }
}
