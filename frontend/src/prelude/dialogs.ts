/** `alert`, `confirm`, `prompt`: nothing can block in an artifact, so they say so. `print` offers nothing. */

import { LIMITS } from "../bridge/messages";
import type { Line } from "./line";
import { give } from "./pristine";
import type { Texts } from "./texts";
import { showToast } from "./toast";

export function provideDialogs(line: Line, texts: Texts): void {
  const show = (kind: "alert" | "confirm" | "prompt", message: unknown) => {
    const text = message === undefined ? "" : String(message).slice(0, LIMITS.text);
    showToast(kind === "alert" ? text : `${texts[kind]}\n${text}`);
    line.say({ type: "dialog", kind, text });
  };
  give(window, "alert", (message?: unknown) => show("alert", message));
  give(window, "confirm", (message?: unknown) => {
    show("confirm", message);
    return false;
  });
  give(window, "prompt", (message?: unknown) => {
    show("prompt", message);
    return null;
  });
  give(window, "print", () => {});
}
