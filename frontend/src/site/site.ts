import "../styles/tokens.css";
import "../styles/base.css";
import "./site.css";

/* The pages work without any of this. */
keepTheme();
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) offerCopy(button);

/** The theme that was chosen in the workbench holds here, too. */
function keepTheme(): void {
  try {
    const theme: unknown = JSON.parse(localStorage.getItem("playground:theme") ?? "null");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // storage is switched off: the system's theme
  }
}

/** Where the browser lets us write to the clipboard (not without https), a button that copies the link. */
function offerCopy(button: HTMLButtonElement): void {
  if (!navigator.clipboard) return;
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.copy ?? "", location.href).href);
    button.textContent = button.dataset.copied ?? "";
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}
