/** Three thefts in five seconds are no accident. */
const STRIKES = 3;
const STRIKE_AGE = 5000; // ms
const AFTERMATH = [0, 30, 100, 250]; // ms after the frame was taken away
const TABBED = 500; // ms that a Tab explains a change of focus
const TYPING = 1000; // ms after the last key that a person counts as typing
const ACTIVITY = 5000; // ms that an act of the person counts for the browser, at the most

/** What is known of the person when the frame takes the focus. Times are milliseconds ago; Infinity for never. */
export interface Signs {
  tabbed: number;
  typed: number;
  /** Any act of the person in our own page. */
  acted: number;
  /** The pointer came over the frame; null while it is elsewhere, or was there before we could see it. */
  entered: number | null;
  /** A finger or pen, of which we see nothing over a frame. */
  isTouch: boolean;
  /** Whether the browser has seen any act of the person lately, in this page or in the frame. */
  isActive: boolean;
}

/** Whether the frame took the focus without a person's act: a pointer down inside, or a Tab. */
export function isTheft({ tabbed, typed, acted, entered, isTouch, isActive }: Signs): boolean {
  if (tabbed < TABBED) return false;
  if (!isActive) return true;
  if (acted > ACTIVITY) return false; // then the act was in the frame
  if (typed < TYPING) return entered === null || entered > typed;
  return entered === null && !isTouch;
}

/** Gives the focus back where the frame has stolen it. */
export class FocusGuard {
  #frame: HTMLIFrameElement;
  #onstrikes: () => void;
  #listening = new AbortController();
  #previous: Element | null = document.activeElement;
  #tabbedAt = Number.NEGATIVE_INFINITY;
  #typedAt = Number.NEGATIVE_INFINITY;
  #actedAt = Number.NEGATIVE_INFINITY;
  #enteredAt: number | null = null;
  #isTouch = false;
  #strikes: number[] = [];

  constructor(frame: HTMLIFrameElement, onstrikes: () => void) {
    this.#frame = frame;
    this.#onstrikes = onstrikes;
    const options = { capture: true, signal: this.#listening.signal };
    addEventListener("keydown", (event) => this.#noteKey(event), options);
    addEventListener("focusin", ({ target }) => this.#noteFocus(target), options);
    addEventListener("pointerdown", ({ pointerType }) => this.#notePointer(pointerType), options);
    // Later: inside of the event the browser still moves the focus, and what is done there is lost.
    addEventListener("blur", ({ target }) => target === window && setTimeout(() => this.#check()), options);
    frame.addEventListener("pointerenter", () => this.#noteEntry(), options);
    frame.addEventListener("pointerleave", () => this.#noteLeave(), options);
  }

  stop(): void {
    this.#listening.abort();
  }

  #noteKey({ key }: KeyboardEvent): void {
    this.#actedAt = performance.now();
    if (key === "Tab") this.#tabbedAt = performance.now();
    else if (isEditable(document.activeElement)) this.#typedAt = performance.now();
  }

  #noteFocus(target: EventTarget | null): void {
    if (target instanceof Element && target !== this.#frame) this.#previous = target;
  }

  #notePointer(type: string): void {
    this.#actedAt = performance.now();
    this.#isTouch = type !== "mouse";
  }

  #noteEntry(): void {
    this.#enteredAt = performance.now();
    this.#isTouch = false;
  }

  #noteLeave(): void {
    this.#enteredAt = null;
  }

  #check(): void {
    if (document.activeElement !== this.#frame || !isTheft(this.#signs())) return;
    const victim = this.#previous;
    if (victim instanceof HTMLElement && victim !== document.body && victim.isConnected) {
      victim.focus({ preventScroll: true });
    } else {
      this.#frame.blur();
      window.focus();
    }
    if (isEditable(victim)) this.#strike(victim);
  }

  #strike(victim: HTMLElement): void {
    const now = performance.now();
    this.#strikes = [...this.#strikes.filter((at) => now - at < STRIKE_AGE), now];
    if (this.#strikes.length < STRIKES) return;
    this.#onstrikes();
    for (const wait of AFTERMATH) setTimeout(() => restore(victim), wait);
  }

  #signs(): Signs {
    const now = performance.now();
    return {
      tabbed: now - this.#tabbedAt,
      typed: now - this.#typedAt,
      acted: now - this.#actedAt,
      entered: this.#enteredAt === null ? null : now - this.#enteredAt,
      isTouch: this.#isTouch,
      isActive: navigator.userActivation?.isActive ?? true,
    };
  }
}

/** A focus that was on its way to the frame is lost with the frame. */
function restore(victim: HTMLElement): void {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) victim.focus({ preventScroll: true });
}

function isEditable(element: Element | null): element is HTMLElement {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable || element.matches("input, textarea, select"))
  );
}
