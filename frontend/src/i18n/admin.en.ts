/** The admin pages: buttons that are icons alone. */
export const adminEn = { sidebar: "Sidebar", close: "Close", more: "More" };
export type AdminTexts = typeof adminEn;
