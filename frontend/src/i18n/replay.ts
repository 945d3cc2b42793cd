import { isChinese } from "./language";
import { replay as english } from "./replay.en";
import { replay as chinese } from "./replay.zh-hans";

/** Apart from the workbench's texts. */
export const t: typeof english = isChinese ? chinese : english;
