import "../styles/tokens.css";
import "../styles/base.css";
import "./site.css";

/* The theme that was chosen in the workbench holds here, too. The pages work without this. */
try {
  const theme: unknown = JSON.parse(localStorage.getItem("playground:theme") ?? "null");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage is switched off: the system's theme
}
