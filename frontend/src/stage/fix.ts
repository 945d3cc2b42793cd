import type { Report } from "../bridge/bridge";
import type { Source } from "../bridge/messages";
import { t } from "../i18n";
import type { FileView } from "../lib/run";
import { signatureOf } from "./console";

const MOST = 8; // problems in one wish
const AROUND = 2; // lines before and after
const LONGEST_TEXT = 400;
const LONGEST_LINE = 160;
const RANKS: Report["type"][] = ["error", "failed", "blocked", "console"]; // the worst first

/** The wish that sends a page's problems back to the model: what happened, where, and the lines concerned. */
export function composeFix(problems: Report[], files: FileView[]): string {
  const parts = pickProblems(problems).map((problem, index) => {
    const code = codeOf(sourceOf(problem), files);
    return `${index + 1}. ${describe(problem)}${code ? `\n\n${code}` : ""}`;
  });
  return [t.console.fixWish(parts.length), ...parts].join("\n\n");
}

/** The worst come first. Equal words at one place are one problem, whatever their stacks say. */
function pickProblems(problems: Report[]): Report[] {
  const distinct = new Map(
    problems.map((problem) => [signatureOf({ ...problem, stack: "" } as Report), problem]),
  );
  const rank = ({ type }: Report) => RANKS.indexOf(type);
  return [...distinct.values()].sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}

/** The problem in one sentence, with its place. */
function describe(problem: Report): string {
  const source = sourceOf(problem);
  const place = source ? ` (${placeOf(source)})` : "";
  return `${cut(wordsOf(problem), LONGEST_TEXT)}${place}`;
}

/** What a line of the console says. */
export function wordsOf(report: Report): string {
  switch (report.type) {
    case "failed":
      return [t.console.failed(report.what, report.url, report.status), report.note]
        .filter(Boolean)
        .join(" ");
    case "blocked":
      return t.console.blocked(report.url, report.directive);
    case "note":
    case "console":
      return report.text;
    case "error":
      return report.kind === "rejection" ? t.console.rejection(report.text) : report.text;
    case "dialog":
      return t.console.dialogs[report.kind](report.text);
    default:
      return "";
  }
}

export function sourceOf(report: Report): Source | null {
  return "source" in report ? report.source : null;
}

/** `index.html:12:5`, as people and editors write it. Browsers say line 0 where they do not know. */
export function placeOf({ path, line, column }: Source): string {
  return line === 0 ? path : `${path}:${line}:${column}`;
}

function codeOf(source: Source | null, files: FileView[]): string {
  const file = source && files.find(({ path }) => path === source.path);
  const lines = file?.text.split("\n") ?? [];
  if (!source || source.line < 1 || source.line > lines.length) return "";
  const first = Math.max(1, source.line - AROUND);
  const last = Math.min(lines.length, source.line + AROUND);
  const shown = lines.slice(first - 1, last).map((line, index) => {
    const number = first + index;
    return `${number === source.line ? ">" : " "} ${String(number).padStart(String(last).length)} | ${around(line, source, number)}`;
  });
  return fence(shown.map((line) => line.trimEnd()).join("\n"));
}

/** A line too long to show (minified code, say) is cut around the column that matters. */
function around(line: string, { line: number, column }: Source, current: number): string {
  if (line.length <= LONGEST_LINE) return line;
  const start = current === number ? Math.max(0, column - LONGEST_LINE / 2) : 0;
  const end = start + LONGEST_LINE;
  return `${start > 0 ? "…" : ""}${line.slice(start, end)}${end < line.length ? "…" : ""}`;
}

function fence(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}\n${code}\n${ticks}`;
}

function cut(text: string, most: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
