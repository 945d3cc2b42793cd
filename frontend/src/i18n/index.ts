import { en, type Texts } from "./en";
import { zhHans } from "./zh-hans";

/** The page's language is chosen by the server, once, and stands on the root element. */
const language = typeof document === "undefined" ? "en" : document.documentElement.lang;

export const t: Texts = language.startsWith("zh") ? zhHans : en;
export const locale = language.startsWith("zh") ? "zh-Hans" : "en";
