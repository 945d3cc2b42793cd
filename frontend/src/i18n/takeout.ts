import { isChinese } from "./language";
import { takeout as english } from "./takeout.en";
import { takeout as chinese } from "./takeout.zh-hans";

/** Apart from the workbench's texts, so that a permalink loads no more than it shows. */
export const t: typeof english = isChinese ? chinese : english;
