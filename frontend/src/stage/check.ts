import type { Report } from "../bridge/bridge";
import { t } from "../i18n";
import type { FileView } from "../lib/run";
import type { CheckGate, CheckInfo } from "../protocol.gen";
import { composeFix } from "./fix";

export function isPending(check: CheckInfo | null): boolean {
  return check?.state === "queued" || check?.state === "running";
}

/** What the check says stands in the way first. */
export function firstFailure(check: CheckInfo): CheckGate | null {
  return check.gates.find(({ outcome }) => outcome === "failed") ?? null;
}

/** The wish that has the first failing gate repaired; null where all is well. */
export function composeCheckFix(check: CheckInfo, files: FileView[]): string | null {
  const gate = firstFailure(check);
  if (!gate) return null;
  const reports = check.problems
    .filter(({ kind }) => kind === (gate.name === "exceptions" ? "exception" : "failed"))
    .map(toReport);
  const isReported = gate.name === "exceptions" || gate.name === "files";
  return isReported && reports.length > 0
    ? composeFix(reports, files)
    : t.check.fixWish(gate.title, gate.text);
}

function toReport({ kind, text, path, line, column }: CheckInfo["problems"][number]): Report {
  const source = path ? { path, line, column } : null;
  if (kind === "exception") return { type: "error", kind: "uncaught", text, stack: "", source };
  return { type: "console", level: "error", text, source };
}
