import { moved } from "./moving";

/** A list put into order in place: by the handle, or by its arrows, which without us send the form. Each move is saved. */
export function takeOrder(form: HTMLFormElement): void {
  const list = form.querySelector<HTMLElement>(".ordering");
  if (!list) return;
  list.classList.add("live");
  list.addEventListener("pointerdown", (event) => {
    const item = itemOf(event.target);
    if (item && event.button === 0 && (event.target as Element).closest(".handle"))
      drag(form, list, item, event);
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const item = itemOf(button);
    if (!(button instanceof HTMLButtonElement) || !item) return;
    event.preventDefault();
    const items = [...list.children];
    const to = items.indexOf(item) + (button.value.endsWith(" up") ? -1 : 1);
    if (to < 0 || to >= items.length) return;
    list.replaceChildren(...moved(items, items.indexOf(item), to));
    button.focus();
    void save(form, list, item);
  });
}

function drag(form: HTMLFormElement, list: HTMLElement, item: HTMLElement, event: PointerEvent): void {
  event.preventDefault();
  const before = [...list.children];
  item.classList.add("dragged");
  const follow = (move: PointerEvent): void => {
    if (move.pointerId !== event.pointerId) return;
    const under = [...list.children].find((each) => {
      const box = each.getBoundingClientRect();
      return each !== item && move.clientY > box.top && move.clientY < box.bottom;
    });
    if (!under) return;
    const box = under.getBoundingClientRect();
    const isBelow = item.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_FOLLOWING;
    const middle = box.top + box.height / 2;
    if (isBelow && move.clientY > middle) under.after(item);
    if (!isBelow && move.clientY < middle) under.before(item);
  };
  const end = (up: PointerEvent): void => {
    if (up.pointerId !== event.pointerId) return;
    item.classList.remove("dragged");
    document.removeEventListener("pointermove", follow);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    if ([...list.children].some((each, place) => each !== before[place])) void save(form, list, item);
  };
  // Not captured by the item: that ends as soon as it is put elsewhere in the list.
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
}

/** Says where the item is now; or, on the page, that the order could not be saved. */
async function save(form: HTMLFormElement, list: HTMLElement, item: HTMLElement): Promise<void> {
  const told = form.querySelector<HTMLElement>("[data-told]");
  const place = [...list.children].indexOf(item) + 1;
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, {
      method: "POST",
      headers,
      body: new FormData(form),
      redirect: "error",
    });
    if (!answer.ok) throw new Error(answer.statusText);
    const words = form.dataset.moved ?? "";
    const count = String(list.children.length);
    say(
      told,
      words
        .replace("{name}", item.dataset.name ?? "")
        .replace("{place}", String(place))
        .replace("{count}", count),
      true,
    );
  } catch {
    say(told, form.dataset.failed ?? "", false);
  }
}

function say(told: HTMLElement | null, text: string, isFine: boolean): void {
  if (!told) return;
  told.textContent = text;
  told.className = isFine ? "unseen" : "errorlist";
}

function itemOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(".ordering > li") : null;
}
