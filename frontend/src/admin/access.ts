/** What unfold leaves to a mouse and to eyes: its buttons are spans, its icons are words, its tables name no fields. */
import { t } from "../i18n/admin";

/** By an icon that is a button without a text beside it. */
const NAMES: Readonly<Record<string, string>> = {
  dock_to_right: t.sidebar,
  close: t.close,
  more_vert: t.more,
  more_horiz: t.more,
  search: t.search,
  add: t.add,
};

/** Run for each element that Alpine sets up. */
export function makeUsable(element: Element): void {
  if (element.hasAttribute("x-on:click") && !element.matches("button, [href], #changelist-filter-close")) {
    makeButton(element);
  }
}

/** For what is there once: where the page begins, and what the fields of a table are called. */
export function nameParts(): void {
  (document.getElementById("main") ?? document.getElementById("page"))?.setAttribute("role", "main");
  for (const icon of document.querySelectorAll(".material-symbols-outlined:not([role])")) nameIcon(icon);
  for (const field of document.querySelectorAll("td[class*='field-'] :is(input, select, textarea)")) {
    const cell = field.closest("td");
    const heading = cell?.closest("table")?.querySelectorAll("thead th")[cell.cellIndex];
    if (heading && !field.ariaLabel) field.ariaLabel = (heading.textContent ?? "").trim();
  }
}

/** The word that the icon is drawn from is not to be read; a link or button that is nothing else needs another. */
function nameIcon(icon: Element): void {
  icon.ariaHidden = "true";
  const word = icon.textContent?.trim() ?? "";
  const link = icon.closest("a, button");
  if (link?.textContent?.trim() === word && !link.hasAttribute("title"))
    link.ariaLabel ??= NAMES[word] ?? null;
}

function makeButton(element: Element): void {
  element.role = "button";
  element.setAttribute("tabindex", "0");
  const text = element.textContent?.trim() ?? "";
  const name = NAMES[text];
  if (name) element.ariaLabel = name;
  element.addEventListener("keydown", (event) => {
    const key = (event as KeyboardEvent).key;
    if (event.target !== element || (key !== "Enter" && key !== " ")) return;
    event.preventDefault();
    (element as HTMLElement).click();
  });
}
