/** The admin pages: buttons that are icons alone. */
export const adminEn = { sidebar: "Sidebar", close: "Close", more: "More", search: "Search", add: "Add" };
export type AdminTexts = typeof adminEn;
