import type { Bridge } from "../bridge/bridge";
import { decodePicture } from "../bridge/pictures";
import type { PointingEvent } from "../bridge/pointing";
import type { Box, Place } from "../protocol.gen";

const KEYS = /^(Arrow(Up|Down|Left|Right)|Enter|Escape)$/;

/** A person who points at the page that the stage shows. */
export class Pointer {
  phase = $state<"off" | "asked" | "on">("off");
  /** The page did not answer. */
  isMute = $state(false);
  /** What the keys have come to, in words. */
  pointed = $state("");
  #find: () => Bridge | null;
  #onplace: (place: Place) => void;
  #ondone: () => void;
  #hasPicked = false;

  /** `ondone`: something was picked, and no more will be. */
  constructor(find: () => Bridge | null, onplace: (place: Place) => void, ondone: () => void) {
    this.#find = find;
    this.#onplace = onplace;
    this.#ondone = ondone;
  }

  toggle(): void {
    if (this.phase === "off") this.begin();
    else this.#find()?.pointing.point(false);
  }

  begin(): void {
    this.phase = "asked";
    this.isMute = this.#hasPicked = false;
    this.pointed = "";
    this.#find()?.pointing.point(true);
  }

  /** Another page is shown. */
  reset(): void {
    this.phase = "off";
    this.isMute = false;
  }

  hear(event: PointingEvent): void {
    switch (event.type) {
      case "on":
        this.phase = "on";
        return;
      case "pointed":
        this.pointed = event.text;
        return;
      case "picked":
        this.#hasPicked = true;
        this.#take(event.place);
        return;
      default:
        this.phase = "off";
        this.isMute = event.type === "mute";
        if (this.#hasPicked) this.#ondone();
    }
  }

  /** Keys that were pressed on our side are the page's, but for those of a field. */
  press(event: KeyboardEvent): void {
    if (this.phase === "off" || event.isComposing || !KEYS.test(event.key)) return;
    if (event.key === "Escape") {
      this.#find()?.pointing.point(false);
    } else {
      if ((event.target as HTMLElement).closest?.("textarea, input, [contenteditable]")) return;
      this.#find()?.pointing.press(event.key, event.shiftKey);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  glow(place: Place | null): void {
    const bridge = this.#find();
    bridge?.pointing.glow(place && place.page === bridge.page ? place.path : null);
  }

  /** The page as it is, drawn anew by ourselves, and the width of its window. Null where there is no picture. */
  async takePicture(): Promise<{ picture: HTMLCanvasElement; width: number } | null> {
    const taken = await this.#find()?.pointing.takePicture();
    const picture = taken ? await decodePicture(taken.image) : null;
    return taken && picture ? { picture, width: taken.width } : null;
  }

  /** Points at what is under the boxes; false where the page does not say. */
  async probe(boxes: Box[]): Promise<boolean> {
    const places = (await this.#find()?.pointing.probe(boxes.slice(0, 64))) ?? [];
    for (const place of places) this.#take(place);
    return places.length > 0;
  }

  #take(place: Omit<Place, "page">): void {
    this.#onplace({ ...place, page: this.#find()?.page ?? "" });
  }
}
