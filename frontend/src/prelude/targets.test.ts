import { expect, test } from "vitest";
import { classify, nameFor } from "./targets";

const HERE = { page: "http://x.localhost/v/1/index.html#top", base: "http://x.localhost/v/1/" };

test.each([
  ["http://x.localhost/v/1/index.html#there", false, "here"],
  ["http://x.localhost/v/1/index.html", false, "page"],
  ["http://x.localhost/v/1/sub/a.html#b", false, "page"],
  ["http://x.localhost/v/1/data.csv", true, "file"],
  ["http://x.localhost/v/2/", false, "out"],
  ["https://example.com/", true, "out"],
  ["mailto:a@b.c", false, "out"],
  ["blob:null/1", false, "file"],
  ["data:text/plain,x", true, "file"],
  ["javascript:void 0", false, "script"],
  ["ftp://example.com", false, "nowhere"],
  ["about:blank", false, "nowhere"],
])("%s (download: %s) leads to: %s", (url, hasDownload, target) => {
  expect(classify(url, hasDownload, HERE)).toBe(target);
});

test.each([
  ["blob:null/1", "text/csv;charset=utf-8", "download.csv"],
  ["blob:null/1", "image/svg+xml", "download.svg"],
  ["blob:null/1", "", "download"],
  ["http://x.localhost/v/1/a%20b.txt", "text/plain", "a b.txt"],
])("a name for %s of type %s", (url, mime, name) => {
  expect(nameFor(url, mime)).toBe(name);
});
