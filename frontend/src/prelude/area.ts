/** What a Storage holds, without the object that pages see. */

export type Changes = { clear: boolean; changes: [string, string | null][] };

export class Area {
  private readonly items: Map<string, string>;
  private cleared = false;
  private changed = new Map<string, string | null>();

  /** `room` is shared by the areas of a page: it says whether so many more characters may be stored. */
  constructor(
    initial: Record<string, string>,
    private readonly room: { take(characters: number): boolean },
    private readonly onChange: () => void,
  ) {
    this.items = new Map(Object.entries(initial));
    for (const [key, value] of this.items) room.take(key.length + value.length);
  }

  get size(): number {
    return this.items.size;
  }

  keys(): string[] {
    return [...this.items.keys()];
  }

  get(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  /** False when there is no room. */
  set(key: string, value: string): boolean {
    const old = this.get(key);
    if (old === value) return true;
    const growth = old === null ? key.length + value.length : value.length - old.length;
    if (!this.room.take(growth)) return false;
    this.items.set(key, value);
    this.note(key, value);
    return true;
  }

  remove(key: string): void {
    const old = this.get(key);
    if (old === null) return;
    this.room.take(-key.length - old.length);
    this.items.delete(key);
    this.note(key, null);
  }

  clear(): void {
    for (const [key, value] of this.items) this.room.take(-key.length - value.length);
    this.items.clear();
    this.changed.clear();
    this.cleared = true;
    this.onChange();
  }

  /** What changed since the last call; null when nothing did. */
  takeChanges(): Changes | null {
    if (!this.cleared && !this.changed.size) return null;
    const result = { clear: this.cleared, changes: [...this.changed] };
    this.cleared = false;
    this.changed = new Map();
    return result;
  }

  private note(key: string, value: string | null): void {
    this.changed.set(key, value);
    this.onChange();
  }
}

export class Room {
  private taken = 0;

  constructor(private readonly size: number) {}

  take(characters: number): boolean {
    if (characters > 0 && this.taken + characters > this.size) return false;
    this.taken += characters;
    return true;
  }
}
