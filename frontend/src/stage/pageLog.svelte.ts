import type { Report } from "../bridge/bridge";
import { addReports, clearEntries, emptyLog, isBroken } from "./console";

const PAUSE = 250; // milliseconds between two turns where nothing is painted

/** What the page on the stage reports, from its loading on, and what of it the person has put away. */
export class PageLog {
  log = $state.raw(emptyLog());
  /** Notices that are put away until the page is loaded again. */
  #dismissed = $state.raw<string[]>([]);
  #waiting: Report[] = [];

  /** The page does not work, and the person may want to know. */
  isBroken = $derived(isBroken(this.log) && !this.#dismissed.includes("broken"));
  /** Hosts that the page was kept from. */
  hosts = $derived(this.log.hosts.filter((host) => !this.#dismissed.includes(host)));

  startOver(): void {
    this.log = emptyLog();
    this.#waiting = [];
    this.#dismissed = [];
  }

  /** Reports are applied together, once per painted frame. */
  hear(report: Report): void {
    this.#waiting.push(report);
    if (this.#waiting.length > 1) return;
    if (document.hidden) setTimeout(() => this.#apply(), PAUSE);
    else requestAnimationFrame(() => this.#apply());
  }

  #apply(): void {
    this.log = addReports(this.log, this.#waiting);
    this.#waiting = [];
  }

  clear(): void {
    this.log = clearEntries(this.log);
  }

  dismissBroken(): void {
    this.#dismissed = [...this.#dismissed, "broken"];
  }

  dismissHosts(): void {
    this.#dismissed = [...this.#dismissed, ...this.log.hosts];
  }
}
