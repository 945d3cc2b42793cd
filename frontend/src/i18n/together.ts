import { isChinese } from "./language";
import { together as english } from "./together.en";
import { together as chinese } from "./together.zh-hans";

export const t: typeof english = isChinese ? chinese : english;
