import { leaveWish } from "../lib/handover";

/** A wish made on this page is started by the next one: whoever only follows an address finds it filled in. */
export function startWishes(form: HTMLFormElement): void {
  const field = form.querySelector("textarea");
  form.addEventListener("submit", (event) => {
    const chip = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
    const wish = (chip || field?.value || "").trim();
    if (!wish || !leaveWish(wish)) return; // the form goes its way, and the wish is filled in there
    event.preventDefault();
    location.assign(form.action);
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
