import { isSamePlace } from "../bridge/places";
import type { Place } from "../protocol.gen";

const MOST = 8; // of each

/** What goes with the wish that is being written. */
export class Attached {
  /** As `data:` URLs. */
  images = $state.raw<string[]>([]);
  places = $state.raw<Place[]>([]);
  /** What there was too much of. */
  excess = $state<"" | "images" | "places">("");
  /** Words that were written elsewhere, on a drawing: the composer adds them to its text. */
  words = $state("");
  /** How often the composer was asked to take the focus. */
  attentions = $state(0);
  /** The place whose element is to be shown again in the page. */
  glowing = $state.raw<Place | null>(null);

  addImage(url: string): void {
    if (this.images.length >= MOST) this.excess = "images";
    else this.images = [...this.images, url];
  }

  removeImage(index: number): void {
    this.images = this.images.filter((_, other) => other !== index);
    this.excess = "";
  }

  addPlace(place: Place): void {
    const isKnown = this.places.some((other) => isSamePlace(place, other));
    if (isKnown) return;
    if (this.places.length >= MOST) this.excess = "places";
    else this.places = [...this.places, place];
  }

  removePlace(place: Place): void {
    this.places = this.places.filter((other) => other !== place);
    this.excess = "";
    this.glowing = null;
  }

  clear(): void {
    this.images = [];
    this.places = [];
    this.excess = "";
    this.words = "";
    this.glowing = null;
  }
}
