/** The theme that was chosen elsewhere in the playground holds on the admin pages, and the other way round. */
const KEY = "playground:theme";

/** Where unfold keeps its own: the same, but that it says `auto` for the system's theme. */
export const themes = {
  getItem(): string | null {
    return localStorage.getItem(KEY)?.replace("system", "auto") ?? null;
  },
  setItem(_key: string, value: string): void {
    localStorage.setItem(KEY, value.replace("auto", "system"));
  },
};
