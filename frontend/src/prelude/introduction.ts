import type { Introduction } from "../bridge/messages";

/** The introduction in a frame's name, or null where the name is none. */
export function readIntroduction(name: string): Introduction | null {
  let value: unknown;
  try {
    value = JSON.parse(name);
  } catch {
    return null;
  }
  return isIntroduction(value) ? value : null;
}

function isIntroduction(value: unknown): value is Introduction {
  if (typeof value !== "object" || value === null) return false;
  const { nonce, app, language, local, session, cookie, databases } = value as Record<string, unknown>;
  return (
    [nonce, app, cookie, databases].every((text) => typeof text === "string") &&
    (language === "en" || language === "zh-hans") &&
    isTexts(local) &&
    isTexts(session)
  );
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((text) => typeof text === "string")
  );
}
