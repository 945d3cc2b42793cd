import { en, type Texts } from "./en";
import { isChinese } from "./language";
import { zhHans } from "./zh-hans";

export { locale } from "./language";
export const t: Texts = isChinese ? zhHans : en;
