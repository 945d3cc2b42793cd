/** The console below the page, and what is sent back to the model from there. */
export const console = {
  title: "Console",
  open: (errors: number, warnings: number) =>
    errors + warnings === 0
      ? "Console"
      : `Console: ${countOf(errors, "error")}, ${countOf(warnings, "warning")}`,
  close: "Close the console",
  clear: "Clear the console",
  filter: "Show",
  all: "All",
  errors: "Errors",
  warnings: "Warnings",
  infos: "Messages",
  empty: "Nothing was reported.",
  nothingOfThis: "Nothing of this kind was reported.",
  plain: "This document reports nothing of itself.",
  dropped: (count: string) => `${count} earlier lines are no longer kept.`,
  times: (count: number) => `${count} times`,
  stack: "Stack",
  openCode: (place: string) => `Show ${place} in the code`,
  level: { error: "Error", warn: "Warning", info: "Info", log: "Log", debug: "Debug" },
  rejection: (text: string) => `Unhandled rejection: ${text}`,
  failed: (what: string, url: string, status: number | null) =>
    `${what} did not load${status ? ` (${status})` : ""}: ${url}`,
  blocked: (url: string, directive: string) => `Blocked by the page's policy (${directive}): ${url}`,
  dialogs: {
    alert: (text: string) => `alert: ${text}`,
    confirm: (text: string) => `confirm cannot wait for an answer here and said no: ${text}`,
    prompt: (text: string) => `prompt cannot wait for an answer here and said nothing: ${text}`,
  },
  fix: "Fix it",
  fixHint: "Send the errors back as a wish",
  broken: (count: number) => `This page reported ${countOf(count, "problem")}.`,
  show: "Show",
  fixWish: (count: number) =>
    count === 1
      ? "The page reports an error when it runs. Please fix it:"
      : `The page reports ${count} errors when it runs. Please fix them:`,
};

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
