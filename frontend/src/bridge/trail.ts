/** Entries that a frame may add to the tab's history. The prelude takes back nearly all of those that a page makes … */
const MOST = 12;
/** … within a moment: more than that for so many looks is spam. */
const LOOKS = 4;
const PATIENCE = 300; // ms until the browser has gone back

/** The browser's own view of the top page's entries, where it has one (not in older browsers). */
interface Entries {
  entries(): unknown[];
}

/**
 * What frames add to the tab's history, which a person's Back would have to go through. The prelude sees to the page
 * itself; a document nested in the page can navigate behind its back.
 */
export class Trail {
  #start = countFrames();
  #looks = 0;

  /** Called about twice a second. */
  look(): "clear" | "spam" {
    this.#looks = countFrames() - this.#start > MOST ? this.#looks + 1 : 0;
    return this.#looks >= LOOKS ? "spam" : "clear";
  }

  /** Once the frame is gone: go back over its entries, and drop them by adding one. */
  cover(): void {
    const added = countFrames() - this.#start;
    if (added <= 0) return;
    history.go(-added);
    setTimeout(() => history.pushState(history.state, ""), PATIENCE);
  }
}

/** How many entries of the tab's history are frames' own. */
function countFrames(): number {
  const { navigation } = globalThis as { navigation?: Entries };
  return navigation ? history.length - navigation.entries().length : 0;
}
