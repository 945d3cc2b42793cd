/** The theme's buttons on the settings page. The workbench keeps its choice at the same place. */
const KEY = "playground:theme";

export function offerThemes(place: HTMLElement): void {
  const buttons = [...place.querySelectorAll("button")];
  const show = (theme: string): void => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === theme));
  };
  try {
    show(kept());
  } catch {
    return; // storage is switched off: nothing could be kept
  }
  place.hidden = false;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      localStorage.setItem(KEY, JSON.stringify(button.value));
      if (button.value === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = button.value;
      show(button.value);
    });
  }
}

function kept(): string {
  const theme: unknown = JSON.parse(localStorage.getItem(KEY) ?? '"system"');
  return theme === "light" || theme === "dark" ? theme : "system";
}
