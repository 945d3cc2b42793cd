/** The check of a version. What it found is told by the server, in the reader's language. */
export const check = {
  title: "Check",
  open: (words: string) => `Check: ${words}`,
  words: { works_well: "Works well", usable: "Usable", broken: "Broken", not_verified: "Not verified" },
  checking: "Being checked",
  checkingHint:
    "A browser without network opens the page, watches it and tries it out. This takes about half a minute.",
  none: "This version has not been checked.",
  start: "Check it",
  copyCommand: "Copy",
  again: "Verify again",
  againHint: "With the same seed, so that the outcome is the same",
  fix: "Fix it",
  failed: "The check could not be reached. Try again.",
  shots: {
    "0.5": "after 0.5 s",
    "2": "after 2 s",
    "5": "after 5 s",
    phone: "on a phone",
  } as Record<string, string>,
  outcomes: { passed: "passed", warned: "could be better", failed: "failed", unknown: "not known" },
  numbers: "Numbers",
  facts: (browser: string, level: string) => `Chromium ${browser}, ${level}`,
  took: (when: string, seconds: number | null) => (seconds === null ? when : `${when}, took ${seconds} s`),
  fixWish: (title: string, text: string) =>
    `The check of the page found a problem. ${title}: ${text}\n\nFix that, and leave the rest as it is.`,
};
