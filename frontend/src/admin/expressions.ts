/** What Alpine's parser cannot read, by its beginning, and the same in words that it can. */
const REWRITTEN: readonly (readonly [beginning: string, expression: string])[] = [
  ["`width: $", "{ width: sidebarWidth + 'px' }"],
  // a style in one text would be set as an attribute, which needs `unsafe-inline`
  ["'width: ' + changeListWidth", "{ width: changeListWidth + 'px' }"],
  ["if (resizing)", "resizing && widenSidebar($event.clientX, min, max)"],
  ["if (!$event.target.closest('a'))", "$event.target.closest('a') || (openUserLinks = !openUserLinks)"],
  ["if (!$event.metaKey", "$event.metaKey || $event.ctrlKey || selectItem(false, false)"],
];

export function rewrite<Value>(expression: Value): Value | string {
  if (typeof expression !== "string") return expression; // bound by a script
  return REWRITTEN.find(([beginning]) => expression.startsWith(beginning))?.[1] ?? expression;
}
