import type { EngineName, Sampling } from "../protocol.gen";

export type Theme = "system" | "light" | "dark";

/** What stays in this browser: the look, the last model, the settings of answers and builds, unsent wishes. */
class Preferences {
  theme = $state<Theme>(read("theme", "system"));
  model = $state<number | null>(read("model", null));
  racing = $state<boolean>(read("racing", false));
  racers = $state<number[]>(read("racers", []));
  blind = $state<boolean>(read("blind", false));
  sampling = $state<Sampling>(read("sampling", {}));
  engine = $state<EngineName>(read("engine", "playground"));
  reviews = $state<boolean>(read("reviews", false)); // a build's checklist, before it starts
  notifies = $state<boolean>(read("notifies", false)); // by the browser, that a build is over
  railOpen = $state<boolean>(read("rail", true));
  split = $state<number>(read("split", 40)); // percent of the width that the conversation has
  wrap = $state<boolean>(read("wrap", true));
  beside = $state<boolean>(read("beside", true)); // the page is shown beside its code, where there is room

  start(): void {
    $effect.root(() => {
      $effect(() => write("theme", this.theme));
      $effect(() => write("model", this.model));
      $effect(() => write("racing", this.racing));
      $effect(() => write("racers", this.racers));
      $effect(() => write("blind", this.blind));
      $effect(() => write("sampling", this.sampling));
      $effect(() => write("engine", this.engine));
      $effect(() => write("reviews", this.reviews));
      $effect(() => write("notifies", this.notifies));
      $effect(() => write("rail", this.railOpen));
      $effect(() => write("split", this.split));
      $effect(() => write("wrap", this.wrap));
      $effect(() => write("beside", this.beside));
      $effect(() => showTheme(this.theme));
    });
  }

  /** Whether wishes of this conversation are builds. */
  building(conversation: string | null): boolean {
    return read(buildKey(conversation), false);
  }

  keepBuilding(conversation: string | null, isOn: boolean): void {
    if (isOn) write(buildKey(conversation), true);
    else remove(buildKey(conversation));
  }

  draft(conversation: string | null): string {
    return read(draftKey(conversation), "");
  }

  keepDraft(conversation: string | null, text: string): void {
    if (text) write(draftKey(conversation), text);
    else remove(draftKey(conversation));
  }
}

export const preferences = new Preferences();

function draftKey(conversation: string | null): string {
  return `draft:${conversation ?? "new"}`;
}

function buildKey(conversation: string | null): string {
  return `build:${conversation ?? "new"}`;
}

function showTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Storage may be switched off or full: then things are kept for this page alone. */
export function read<Value>(key: string, otherwise: Value): Value {
  try {
    const kept = localStorage.getItem(`playground:${key}`);
    return kept === null ? otherwise : (JSON.parse(kept) as Value);
  } catch {
    return otherwise;
  }
}

export function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(`playground:${key}`, JSON.stringify(value));
  } catch {
    // kept for this page alone
  }
}

function remove(key: string): void {
  try {
    localStorage.removeItem(`playground:${key}`);
  } catch {
    // nothing was kept
  }
}
