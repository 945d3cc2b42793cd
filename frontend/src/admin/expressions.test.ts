import { expect, test } from "vitest";
import { rewrite } from "./expressions";

test("statements and templates become expressions", () => {
  expect(rewrite("'width: ' + changeListWidth + 'px'")).toBe("{ width: changeListWidth + 'px' }");
  expect(rewrite("if (!$event.target.closest('a')) { openUserLinks = !openUserLinks }")).not.toMatch(/^if/);
});

test("the rest stays as it is", () => {
  const bound = (): void => {};
  expect(rewrite("activeTab = 'general'")).toBe("activeTab = 'general'");
  expect(rewrite(bound)).toBe(bound);
});
