import { frame as english } from "./frame.en";
import { frame as chinese } from "./frame.zh-hans";
import { isChinese } from "./language";

/** Apart from the workbench's texts, so that a permalink loads no more than it shows. */
export const t: typeof english = isChinese ? chinese : english;
