/** `document.cookie` of a page that has none: names, values and expiry. There is but one path and one host. */

const MAX_LENGTH = 4096;
const MAX_COUNT = 180;

type Cookie = { value: string; expires: number | null };

export class CookieJar {
  private readonly cookies = new Map<string, Cookie>();

  constructor(
    dump: string,
    private readonly now: () => number,
  ) {
    for (const [name, value, expires] of readDump(dump)) this.cookies.set(name, { value, expires });
  }

  /** What `document.cookie` answers. */
  get text(): string {
    this.expire();
    return [...this.cookies].map(([name, { value }]) => (name ? `${name}=${value}` : value)).join("; ");
  }

  /** As by `document.cookie = line`. */
  set(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const [name, value] = split(pair);
    if ((!name && !value) || name.length + value.length > MAX_LENGTH) return;
    const given = new Map(attributes.map(split).map(([key, setting]) => [key.toLowerCase(), setting]));
    const expires = this.expiry(given);
    this.cookies.set(name, { value, expires });
    this.expire();
    const oldest = this.cookies.keys().next();
    if (this.cookies.size > MAX_COUNT && !oldest.done) this.cookies.delete(oldest.value);
  }

  dump(): string {
    this.expire();
    return JSON.stringify([...this.cookies].map(([name, { value, expires }]) => [name, value, expires]));
  }

  private expiry(attributes: Map<string, string>): number | null {
    const age = attributes.get("max-age");
    if (age && /^-?\d+$/.test(age)) return this.now() + Number(age) * 1000;
    const date = Date.parse(attributes.get("expires") ?? "");
    return Number.isNaN(date) ? null : date;
  }

  private expire(): void {
    for (const [name, { expires }] of this.cookies) {
      if (expires !== null && expires <= this.now()) this.cookies.delete(name);
    }
  }
}

/** A text without `=` is a value without a name. */
function split(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 0) return ["", text.trim()];
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function readDump(dump: string): [string, string, number | null][] {
  try {
    const rows: unknown = JSON.parse(dump);
    return Array.isArray(rows) ? rows.filter(isRow) : [];
  } catch {
    return [];
  }
}

function isRow(row: unknown): row is [string, string, number | null] {
  return (
    Array.isArray(row) &&
    typeof row[0] === "string" &&
    typeof row[1] === "string" &&
    (row[2] === null || typeof row[2] === "number")
  );
}
