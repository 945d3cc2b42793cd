"""What a browser tells of how a page came up."""

from typing import TypedDict


class Vitals(TypedDict):
    lcp: int  # milliseconds until the largest thing in sight was painted
    cls: float  # how much has moved by itself
    what: str  # the element that was the largest


# Run in the page; it waits until nothing more is to be expected.
READ_VITALS = """() => new Promise((resolve) => {
  const seen = { lcp: 0, cls: 0, what: "" };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.lcp = Math.round(entry.startTime);
      seen.what = entry.element?.tagName ?? "";
    }
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.cls += entry.hadRecentInput ? 0 : entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(seen), 1500);
})"""
