import type { transport as english } from "./transport.en";

export const transport: typeof english = {
  label: "回答的传输方式",
  name: {
    websocket: "通过 WebSocket 传输",
    stream: "通过普通 HTTP 传输",
    poll: "分段获取",
  },
  why: {
    stream: "当前网络不允许 WebSocket，回答改由普通 HTTP 流传来，同样是实时的。",
    poll: "当前网络会积压数据流，回答改为每秒多次分段获取，内容不会丢失。",
  },
  again: "系统会不时尝试更好的方式。",
  connecting: "连接比平时慢，正在尝试其他方式。",
};
