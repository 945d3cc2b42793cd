import type { check as english } from "./check.en";

export const check: typeof english = {
  title: "检查",
  open: (words) => `检查：${words}`,
  words: { works_well: "运行良好", usable: "可用", broken: "有故障", not_verified: "未验证" },
  checking: "正在检查",
  checkingHint: "一个没有网络的浏览器会打开页面、观察并试用它，大约需要半分钟。",
  none: "这个版本还没有检查过。",
  start: "开始检查",
  copyCommand: "复制",
  again: "再次验证",
  againHint: "使用相同的种子，因此结果相同",
  fix: "修复它",
  failed: "无法获取检查结果，请再试一次。",
  shots: { "0.5": "0.5 秒后", "2": "2 秒后", "5": "5 秒后", phone: "手机上" },
  outcomes: { passed: "通过", warned: "可以更好", failed: "未通过", unknown: "未知" },
  numbers: "数据",
  facts: (browser, level) => `Chromium ${browser}，${level}`,
  took: (when, seconds) => (seconds === null ? when : `${when}，用时 ${seconds} 秒`),
  fixWish: (title, text) => `页面检查发现了一个问题。${title}：${text}\n\n请修复它，其余部分保持不变。`,
};
