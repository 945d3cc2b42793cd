import type { gallery as english } from "./gallery.en";

export const gallery: typeof english = {
  title: "画廊",
  filledIn: "已为你填入这个愿望，你之前写的内容仍然保留。",
  putBack: "换回我写的",
  submit: "提交到画廊",
  submitHint: "策展人会先查看。提交后作品即为公开。",
  again: "再次提交",
  withdraw: "撤回",
  signUp: "注册",
  signUpHint: "后即可在画廊展示，你已做的作品会一并带过来。",
  failed: "操作未成功，请稍后再试。",
};
