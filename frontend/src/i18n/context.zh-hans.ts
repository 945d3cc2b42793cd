import type { context as english } from "./context.en";

export const context: typeof english = {
  title: (percent) => `上下文：约占模型窗口的 ${percent}`,
  heading: "下一个愿望会让模型读到的内容",
  window: (used, window) => `约 ${used} / ${window} 个词元`,
  parts: {
    instructions: "指令",
    conversation: "对话",
    files: "文件的当前内容",
    answer: "留给回答",
  },
  estimated: "按文本长度估算。",
  counted: (tokens) => `服务端为最近一次回答统计了 ${tokens} 个词元。`,
  full: "窗口快满了：下一次回答之前，较早的对话会被压缩成摘要。",
  overfull: "内容已超出模型的窗口。请换一个窗口更大的模型，或压缩对话。",
  condense: "现在压缩较早的对话",
  condensing: "正在压缩……",
  nothing: "只有最近一轮对话是完整的，没有更多可压缩的内容。",
  divider: (runs, saved) => `模型读到的是以上 ${runs} 轮对话的摘要（约省 ${saved} 个词元）`,
  outline: "模型没有给出摘要，这里只列出了愿望。",
  undo: "恢复完整内容",
};
