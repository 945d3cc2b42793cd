import { build as english } from "./build.en";
import { build as chinese } from "./build.zh-hans";
import { isChinese } from "./language";

export const t: typeof english = isChinese ? chinese : english;
