import { locale } from "../i18n";

const CHARS_PER_TOKEN = 4;
const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const share = new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 2 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });

/** `1:05` from milliseconds; below a minute `12 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function estimateTokens(characters: number): number {
  return Math.round(characters / CHARS_PER_TOKEN);
}

export function count(number: number): string {
  return plain.format(number);
}

export function percent(part: number): string {
  return share.format(part);
}

export function short(number: number): string {
  return compact.format(number);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "5 min. ago", from an ISO date. */
export function ago(date: string, now: number): string {
  const seconds = (Date.parse(date) - now) / 1000;
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return relative.format(0, "minute");
}

/** "12 kB". */
export function formatBytes(bytes: number): string {
  const unit = bytes < 1_000_000 ? "kilobyte" : "megabyte";
  const size = bytes / (unit === "kilobyte" ? 1000 : 1_000_000);
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumSignificantDigits: 2 }).format(size);
}
