import "../styles/tokens.css";
import "../styles/base.css";
import "./site.css";
import "./embed.css";
import "./people.css";
import "./permalink.css";
import { offerThemes } from "./themes";

/* The pages work without any of this. */
keepTheme();
for (const place of document.querySelectorAll<HTMLElement>("[data-themes]")) offerThemes(place);
for (const button of document.querySelectorAll<HTMLButtonElement>(
  "button:is([data-copy], [data-copy-text])",
)) {
  offerCopy(button);
}
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-like]")) likeInPlace(form);
for (const place of document.querySelectorAll<HTMLElement>("[data-artifact]")) void showArtifact(place);
for (const place of document.querySelectorAll<HTMLElement>("[data-take-home]")) {
  void import("./island").then((island) => island.showTakeHome(place)).catch(() => {}); // the plain links stay
}

/** The theme that was chosen in the workbench holds here, too. */
function keepTheme(): void {
  try {
    const theme: unknown = JSON.parse(localStorage.getItem("playground:theme") ?? "null");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // storage is switched off: the system's theme
  }
}

/** Where the browser lets us write to the clipboard (not without https), a button that copies a link, or a field. */
function offerCopy(button: HTMLButtonElement): void {
  if (!navigator.clipboard) return;
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copyText ?? "");
    const link = new URL(button.dataset.copy ?? "", location.href).href;
    await navigator.clipboard.writeText(field instanceof HTMLTextAreaElement ? field.value : link);
    button.textContent = button.dataset.copied ?? "";
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

/** Likes without loading the page again, which would begin the artifact anew. Where that fails, the form is sent. */
function likeInPlace(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button");
  const count = form.querySelector<HTMLElement>("[data-likes]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", headers, body: new FormData(form) });
      if (!answer.ok) throw new Error(answer.statusText);
      const { is_liked, likes } = (await answer.json()) as { is_liked: boolean; likes: number };
      button?.setAttribute("aria-pressed", String(is_liked));
      if (count) count.textContent = likes.toLocaleString(document.documentElement.lang);
    } catch {
      form.submit();
    }
  });
}

/** The page of a permalink, in a frame that keeps its data and offers what it asks for. */
async function showArtifact(place: HTMLElement): Promise<void> {
  const plain = place.querySelector("noscript")?.textContent ?? "";
  try {
    (await import("./island")).showArtifact(place);
  } catch {
    place.innerHTML = plain; // our own server's frame, as it is without scripts
  }
}
