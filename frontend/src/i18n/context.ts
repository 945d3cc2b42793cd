import { context as english } from "./context.en";
import { context as chinese } from "./context.zh-hans";
import { isChinese } from "./language";

export const t: typeof english = isChinese ? chinese : english;
