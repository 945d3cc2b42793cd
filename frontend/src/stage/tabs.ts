const STEPS: Record<string, (index: number, count: number) => number> = {
  ArrowLeft: (index, count) => (index + count - 1) % count,
  ArrowRight: (index, count) => (index + 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Keys of a tab list: arrows, Home and End choose a tab and move the focus to it. */
export function handleTabKeys(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = STEPS[event.key];
  if (!step) return;
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")];
  const tab = tabs[step(tabs.indexOf(event.target as HTMLElement), tabs.length)];
  if (!tab) return;
  event.preventDefault();
  tab.focus();
  tab.click();
}
