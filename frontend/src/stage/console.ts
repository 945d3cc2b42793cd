import type { Report } from "../bridge/bridge";
import type { Level } from "../bridge/messages";
import { blockedHost } from "../bridge/network";

/** A line of the console; a report that comes again in a row is counted instead. */
export interface Entry {
  id: number;
  level: Level;
  report: Report;
  count: number;
}

/** What a page has reported since it was loaded. */
export interface Log {
  entries: Entry[];
  /** Lines that were let go because there were too many. */
  dropped: number;
  errors: number;
  warnings: number;
  /** Distinct reports of what went wrong, the first ones, however many lines came after. */
  problems: Report[];
  /** Hosts that the page tried to reach and may be allowed to. */
  hosts: string[];
}

export const MOST_ENTRIES = 500;
const MOST_PROBLEMS = 40;
const MOST_HOSTS = 20;

export function emptyLog(): Log {
  return { entries: [], dropped: 0, errors: 0, warnings: 0, problems: [], hosts: [] };
}

/** The log after `reports`. One copy for the whole batch: call it once per painted frame. */
export function addReports(log: Log, reports: Report[]): Log {
  const next: Log = {
    ...log,
    entries: [...log.entries],
    problems: [...log.problems],
    hosts: [...log.hosts],
  };
  for (const report of reports) addReport(next, report);
  const over = next.entries.length - MOST_ENTRIES;
  if (over > 0) {
    next.entries.splice(0, over);
    next.dropped += over;
  }
  return next;
}

/** Nothing to read, but what is known of the page's problems stays: they are still there. */
export function clearEntries(log: Log): Log {
  return { ...log, entries: [], dropped: 0 };
}

function addReport(log: Log, report: Report): void {
  const level = levelOf(report);
  if (level === null) return;
  if (level === "error") log.errors += 1;
  if (level === "warn") log.warnings += 1;
  addProblem(log, report, level);
  addHost(log, report);
  const last = log.entries.at(-1);
  if (last && signatureOf(last.report) === signatureOf(report)) {
    log.entries[log.entries.length - 1] = { ...last, count: last.count + 1 };
  } else {
    log.entries.push({ id: (last?.id ?? log.dropped) + 1, level, report, count: 1 });
  }
}

function addProblem(log: Log, report: Report, level: Level): void {
  if (level !== "error" || log.problems.length >= MOST_PROBLEMS) return;
  const signature = signatureOf(report);
  if (!log.problems.some((other) => signatureOf(other) === signature)) log.problems.push(report);
}

function addHost(log: Log, report: Report): void {
  const host = blockedHost(report);
  if (host && log.hosts.length < MOST_HOSTS && !log.hosts.includes(host)) log.hosts.push(host);
}

/** How loud a report is; null for what is no line of the console. */
export function levelOf(report: Report): Level | null {
  switch (report.type) {
    case "console":
      return report.level;
    case "error":
    case "failed":
    case "blocked":
      return "error";
    case "note":
      return "warn";
    case "dialog":
      return "info";
    default:
      return null;
  }
}

/** Two reports with the same signature say the same. */
export function signatureOf(report: Report): string {
  return JSON.stringify(report);
}

/** Whether the page itself is broken, rather than loud: what a person should be told without asking. */
export function isBroken(log: Log): boolean {
  return log.problems.some(({ type }) => type === "error" || type === "failed");
}
