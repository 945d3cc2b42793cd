import { expect, test } from "vitest";
import { allowableHosts, blockedHost, freshUrl, nameHosts } from "./network";

test.each([
  ["https://api.example.com/v1?key=1", "connect-src", "api.example.com"],
  ["wss://live.example.com/", "connect-src", "live.example.com"],
  ["https://img.example.com:8443/a.png", "img-src", "img.example.com:8443"],
  ["https://cdn.example.com/x.js", "script-src-elem", null],
  ["http://plain.example.com/", "connect-src", null],
  ["inline", "connect-src", null],
  ["data:,", "img-src", null],
])("%s blocked by %s: %s may be allowed", (url, directive, host) => {
  expect(blockedHost({ type: "blocked", url, directive, source: null })).toBe(host);
});

test("the operator's policy limits what an owner may allow", () => {
  const hosts = ["a.example", "b.example"];
  expect(allowableHosts(hosts, { network: "owners", network_hosts: [] })).toEqual(hosts);
  expect(allowableHosts(hosts, { network: "listed", network_hosts: ["b.example"] })).toEqual(["b.example"]);
  expect(allowableHosts(hosts, { network: "nobody", network_hosts: hosts })).toEqual([]);
});

test("many hosts are named by the first", () => {
  expect(nameHosts(["a.example"])).toBe("a.example");
  expect(nameHosts(["a.example", "b.example"])).toBe("a.example and b.example");
  expect(nameHosts(["a", "b", "c", "d"])).toBe("a, b, and 2 other hosts");
});

test("a page with another policy has another address", () => {
  expect(freshUrl("http://a.localhost/v/1/", ["b.example"])).toBe("http://a.localhost/v/1/?hosts=b.example");
});
