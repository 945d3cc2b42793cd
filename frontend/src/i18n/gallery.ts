import { gallery as english } from "./gallery.en";
import { gallery as chinese } from "./gallery.zh-hans";
import { isChinese } from "./language";

export const t: typeof english = isChinese ? chinese : english;
