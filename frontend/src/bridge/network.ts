import { t } from "../i18n/frame";
import { locale } from "../i18n/language";
import type { Bootstrap } from "../protocol.gen";
import type { Report } from "./bridge";

/** Who may let pages reach other hosts, as the server's bootstrap says it. */
export type NetworkPolicy = Pick<Bootstrap, "network" | "network_hosts">;

const NAMED = 2;

/** "a.example, b.example and 2 other hosts" */
export function nameHosts(hosts: string[]): string {
  const named = hosts.slice(0, NAMED);
  const others = hosts.length - named.length;
  const words = others > 0 ? [...named, t.network.others(others)] : named;
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(words);
}

/** The hosts that the owner may allow under the operator's policy. */
export function allowableHosts(hosts: string[], { network, network_hosts }: NetworkPolicy): string[] {
  if (network === "nobody") return [];
  return network === "owners" ? hosts : hosts.filter((host) => network_hosts.includes(host));
}

const ALLOWABLE = ["connect-src", "img-src", "media-src"]; // what the list of allowed hosts widens

/** The host that a blocked request was for, where its owner could allow it. */
export function blockedHost(report: Report): string | null {
  if (report.type !== "blocked" || !ALLOWABLE.includes(report.directive)) return null;
  if (!URL.canParse(report.url)) return null;
  const { protocol, host } = new URL(report.url);
  return protocol === "https:" || protocol === "wss:" ? host : null;
}

/** The frame's address once `hosts` are allowed: the browser may keep the page with the policy it had before. */
export function freshUrl(url: string, hosts: string[]): string {
  const fresh = new URL(url);
  fresh.searchParams.set("hosts", hosts.join(","));
  return fresh.href;
}
