import { moved } from "./moving";

const EDGE = 56; // px from the window's edge at which the page scrolls along
const PACE = 8; // px in each picture

/** A list put into order in place: by the handle, or by its arrows, which without us send the form. Each move is saved. */
export function takeOrder(form: HTMLFormElement): void {
  const list = form.querySelector<HTMLElement>(".ordering");
  if (!list) return;
  form.classList.add("live");
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

/** By mouse, pen or finger. At the window's edges the page scrolls along. Where the system takes the pointer away, all
 * is as before.
 */
function drag(form: HTMLFormElement, list: HTMLElement, item: HTMLElement, event: PointerEvent): void {
  event.preventDefault();
  const before = [...list.children];
  let at = event.clientY;
  let request = 0;
  item.classList.add("dragged");
  const scroll = (): void => {
    const way = at < EDGE ? -1 : at > innerHeight - EDGE ? 1 : 0;
    if (way) scrollBy(0, way * PACE);
    if (way) put(list, item, at);
    request = requestAnimationFrame(scroll);
  };
  const follow = (move: PointerEvent): void => {
    if (move.pointerId !== event.pointerId) return;
    at = move.clientY;
    put(list, item, at);
  };
  const end = (up: PointerEvent): void => {
    if (up.pointerId !== event.pointerId) return;
    cancelAnimationFrame(request);
    item.classList.remove("dragged");
    list.removeEventListener("pointermove", follow);
    list.removeEventListener("pointerup", end);
    list.removeEventListener("pointercancel", end);
    if (up.type === "pointercancel") list.replaceChildren(...before);
    else if ([...list.children].some((each, place) => each !== before[place])) void save(form, list, item);
  };
  // By the list: the item would lose the pointer as soon as it is put elsewhere.
  list.setPointerCapture(event.pointerId);
  list.addEventListener("pointermove", follow);
  list.addEventListener("pointerup", end);
  list.addEventListener("pointercancel", end);
  request = requestAnimationFrame(scroll);
}

/** Before the first of the others whose middle is below the pointer, else at the end. */
function put(list: HTMLElement, item: HTMLElement, y: number): void {
  const next = [...list.children].find((each) => {
    const box = each.getBoundingClientRect();
    return each !== item && y < box.top + box.height / 2;
  });
  if (next ? next.previousElementSibling === item : list.lastElementChild === item) return;
  if (next) next.before(item);
  else list.append(item);
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
