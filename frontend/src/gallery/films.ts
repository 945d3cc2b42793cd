/**
 * A card's film plays while the pointer or the focus is on it. Where nothing hovers, the card in the middle of the
 * screen plays. Who wants less motion, or pays for data, gets the still.
 */
export function playFilms(all: Iterable<HTMLElement>): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || savesData()) return;
  const cards = [...all].filter((card) => card.dataset.film);
  if (matchMedia("(hover: none)").matches) playTheMiddle(cards);
  else for (const card of cards) playUnderPointer(card);
}

function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData ?? false;
}

function playUnderPointer(card: HTMLElement): void {
  card.addEventListener("pointerenter", () => play(card));
  card.addEventListener("focusin", () => play(card));
  card.addEventListener("pointerleave", () => card.matches(":focus-within") || stop(card));
  card.addEventListener("focusout", () => card.matches(":hover") || stop(card));
}

function playTheMiddle(cards: Iterable<HTMLElement>): void {
  const watch = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) play(target as HTMLElement);
        else stop(target as HTMLElement);
      }
    },
    { rootMargin: "-45% 0px -45% 0px" },
  );
  for (const card of cards) watch.observe(card);
}

/** Above the still, as soon as it has come. */
function play(card: HTMLElement): void {
  const shot = card.querySelector(".shot");
  if (!shot || shot.querySelector(".film")) return;
  const film = new Image(320, 200);
  film.className = "film";
  film.alt = "";
  film.src = card.dataset.film ?? "";
  shot.append(film);
  film.decode().catch(() => film.remove());
}

function stop(card: HTMLElement): void {
  card.querySelector(".film")?.remove();
}
