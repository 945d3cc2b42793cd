/** The page's language is chosen by the server, once, and stands on the root element. */
const language = typeof document === "undefined" ? "en" : document.documentElement.lang;

export const isChinese = language.startsWith("zh");
export const locale = isChinese ? "zh-Hans" : "en";
