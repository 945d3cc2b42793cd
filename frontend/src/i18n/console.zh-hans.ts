import type { console as english } from "./console.en";

export const console: typeof english = {
  title: "控制台",
  open: (errors: number, warnings: number) =>
    errors + warnings === 0 ? "控制台" : `控制台：${errors} 个错误，${warnings} 个警告`,
  close: "关闭控制台",
  clear: "清空控制台",
  filter: "显示",
  all: "全部",
  errors: "错误",
  warnings: "警告",
  infos: "消息",
  empty: "没有任何报告。",
  nothingOfThis: "没有这一类报告。",
  plain: "这个文档不会报告自己的情况。",
  dropped: (count: string) => `更早的 ${count} 行已不再保留。`,
  times: (count: number) => `${count} 次`,
  stack: "调用栈",
  openCode: (place: string) => `在代码中显示 ${place}`,
  level: { error: "错误", warn: "警告", info: "信息", log: "日志", debug: "调试" },
  rejection: (text: string) => `未处理的拒绝：${text}`,
  failed: (what: string, url: string, status: number | null) =>
    `${what} 没有加载成功${status ? `（${status}）` : ""}：${url}`,
  blocked: (url: string, directive: string) => `被页面的策略拦截（${directive}）：${url}`,
  dialogs: {
    alert: (text: string) => `alert：${text}`,
    confirm: (text: string) => `confirm 在这里不能等待回答，已答“否”：${text}`,
    prompt: (text: string) => `prompt 在这里不能等待回答，没有作答：${text}`,
  },
  fix: "修复",
  fixHint: "把这些错误作为愿望发回去",
  broken: (count: number) => `这个页面报告了 ${count} 个问题。`,
  show: "查看",
  fixWish: (count: number) => `页面运行时报告了 ${count} 个错误，请修复：`,
};
