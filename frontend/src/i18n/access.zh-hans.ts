import type { access as english } from "./access.en";

export const access: typeof english = {
  password: "密码",
  passwordHint: "打开链接的人需要输入一次。你自己不需要。",
  passwordSet: "打开时需要密码。",
  set: "设置",
  changePassword: "更换",
  removePassword: "取消",
  expiry: "有效期至",
  expiryHint: "之后只有你能看到这个页面，也可以延长。",
  expired: "已过期：现在只有你能看到。",
  copyEmbed: "复制嵌入代码",
  forever: "永久",
};
