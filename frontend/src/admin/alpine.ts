/**
 * Alpine for the admin pages, in the place of the one that django-unfold brings along: that one evaluates the attributes
 * of its templates by `new Function`, which our Content-Security-Policy forbids. This one reads them by a parser of its
 * own. It knows neither statements nor globals, so both are made up for here; no template of unfold's is copied.
 *
 * Served as `unfold/js/alpine/alpine.js`, which is found before unfold's own.
 */
import Alpine from "@alpinejs/csp";
import { makeUsable, nameParts } from "./access";
import { rewrite } from "./expressions";
import { opener } from "./opener";
import { themes } from "./themes";

/* unfold/js/app.js */
declare global {
  interface Window {
    Alpine: typeof Alpine;
    theme: () => Record<string, unknown>;
    searchCommand: () => Record<string, unknown>;
    getCurrentTab: () => string | null;
    openPopupInModal: () => void;
  }
}

window.Alpine = Alpine;
// It would open related objects in a frame, which no page of ours may be shown in. Django's own script opens a window,
// and this sends back what was chosen there.
window.openPopupInModal = () => {
  document.addEventListener("click", ({ target }) => {
    const chosen = (target as Element).closest<HTMLElement>("a[data-popup-opener]")?.dataset.popupOpener;
    if (chosen) opener?.dismissRelatedLookupPopup(window, chosen);
  });
};

Alpine.mapAttributes(({ name, value }) => ({ name, value: rewrite(value) }));
Alpine.data("searchCommand", () => window.searchCommand());
// The scope of the whole page: what its expressions name, and is there nowhere else.
Alpine.data("theme", () => ({
  ...window.theme(),
  adminTheme: Alpine.$persist("auto").as("adminTheme").using(themes),
  getCurrentTab: () => window.getCurrentTab(),
  widenSidebar(x: number, least: number, most: number): void {
    const width = String(Math.min(most, Math.max(least, x)));
    (this as unknown as { sidebarWidth: string }).sidebarWidth = width;
    localStorage.setItem("sidebarWidth", width);
  },
  window: {
    location: {
      get pathname(): string {
        return location.pathname;
      },
      get search(): string {
        return location.search;
      },
    },
  },
}));
Alpine.interceptInit(makeUsable);
Alpine.start();
nameParts();
