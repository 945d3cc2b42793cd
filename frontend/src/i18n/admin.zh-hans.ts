import type { AdminTexts } from "./admin.en";

export const adminZhHans: AdminTexts = {
  sidebar: "侧边栏",
  close: "关闭",
  more: "更多",
  search: "搜索",
  add: "添加",
};
