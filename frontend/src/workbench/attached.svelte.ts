import { isSamePlace } from "../bridge/places";
import type { Place } from "../protocol.gen";

const MOST_PLACES = 8;

/** What goes with the wish that is being written. */
export class Attached {
  /** As `data:` URLs. */
  images = $state.raw<string[]>([]);
  places = $state.raw<Place[]>([]);
  /** There were too many. */
  hasRefused = $state(false);
  /** Words that were written elsewhere, on a drawing: the composer adds them to its text. */
  words = $state("");
  /** How often the composer was asked to take the focus. */
  attentions = $state(0);
  /** The place whose element is to be shown again in the page. */
  glowing = $state.raw<Place | null>(null);

  addPlace(place: Place): void {
    const isKnown = this.places.some((other) => isSamePlace(place, other));
    this.hasRefused = !isKnown && this.places.length >= MOST_PLACES;
    if (!isKnown && !this.hasRefused) this.places = [...this.places, place];
  }

  removePlace(place: Place): void {
    this.places = this.places.filter((other) => other !== place);
    this.hasRefused = false;
    this.glowing = null;
  }

  clear(): void {
    this.images = [];
    this.places = [];
    this.hasRefused = false;
    this.words = "";
    this.glowing = null;
  }
}
