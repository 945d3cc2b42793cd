/** A wish that somebody has sent on a page of ours, left in this tab for the workbench to start. No address can do that. */
const KEY = "playground:wish";

/** False where the browser keeps nothing. */
export function leaveWish(wish: string): boolean {
  try {
    sessionStorage.setItem(KEY, wish);
    return true;
  } catch {
    return false;
  }
}

/** Once only. */
export function takeWish(): string {
  try {
    const wish = sessionStorage.getItem(KEY) ?? "";
    sessionStorage.removeItem(KEY);
    return wish;
  } catch {
    return "";
  }
}
