import { type AdminTexts, adminEn } from "./admin.en";
import { adminZhHans } from "./admin.zh-hans";
import { isChinese } from "./language";

export const t: AdminTexts = isChinese ? adminZhHans : adminEn;
