import { playFilms } from "./films";

const BY_ITSELF = 4; // pages; then a person asks for more, so that the foot of the page can be reached

/** The next page's cards come before one gets to the end. Its link stays, and still leads there where that fails. */
export function loadMore(cards: HTMLElement, pages: HTMLElement): void {
  let left = BY_ITSELF;
  const watch = new IntersectionObserver(
    (changes) => {
      if (changes.some((change) => change.isIntersecting)) void loadByItself();
    },
    { rootMargin: "0px 0px 900px 0px" },
  );
  watch.observe(pages);
  pages.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>("a[rel=next]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    append(cards, pages).then(
      (first) => first?.querySelector("a")?.focus({ preventScroll: true }),
      () => location.assign(link.href),
    );
  });

  async function loadByItself(): Promise<void> {
    watch.unobserve(pages);
    if (left === 0) return;
    left -= 1;
    try {
      if (await append(cards, pages)) watch.observe(pages); // it may still be in sight
    } catch {
      // the link is still there
    }
  }
}

/** The first of the cards that were added; null where there is no further page, or it is on its way already. */
async function append(cards: HTMLElement, pages: HTMLElement): Promise<HTMLElement | null> {
  const link = pages.querySelector<HTMLAnchorElement>("a[rel=next]");
  if (!link || pages.ariaBusy) return null;
  pages.ariaBusy = "true";
  try {
    const page = await fetchPage(link.href);
    const known = new Set(addressesIn(cards)); // what was added meanwhile has moved the others on
    const added = [...page.querySelectorAll<HTMLElement>("[data-cards] > li")]
      .filter((card) => addressesIn(card).every((address) => !known.has(address)))
      .map((card) => document.adoptNode(card));
    cards.append(...added);
    pages.replaceChildren(...(page.querySelector("[data-pages]")?.children ?? []));
    pages.querySelector("a[rel=prev]")?.remove(); // all before is here
    playFilms(added);
    return added[0] ?? null;
  } finally {
    pages.ariaBusy = null;
  }
}

function addressesIn(part: HTMLElement): string[] {
  return [...part.querySelectorAll<HTMLAnchorElement>(".piece")].map((link) => link.pathname);
}

async function fetchPage(url: string): Promise<Document> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
