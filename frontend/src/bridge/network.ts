import { t } from "../i18n/frame";
import { locale } from "../i18n/language";

/** Who may open hosts to pages: their owners, their owners from the operator's list, or nobody. */
export interface NetworkPolicy {
  network: "owners" | "listed" | "nobody";
  hosts: string[];
}

const NAMED = 2;

/** "a.example, b.example and 2 other hosts" */
export function nameHosts(hosts: string[]): string {
  const named = hosts.slice(0, NAMED);
  const others = hosts.length - named.length;
  const words = others > 0 ? [...named, t.network.others(others)] : named;
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(words);
}

/** The hosts that the owner may allow under the operator's policy. */
export function allowableHosts(hosts: string[], { network, hosts: listed }: NetworkPolicy): string[] {
  if (network === "owners") return hosts;
  return network === "listed" ? hosts.filter((host) => isListed(host, listed)) : [];
}

/** An entry of the operator's list is a host, or `*.example.com` for all below it. */
function isListed(host: string, listed: string[]): boolean {
  return listed.some((entry) => (entry.startsWith("*.") ? host.endsWith(entry.slice(1)) : entry === host));
}
