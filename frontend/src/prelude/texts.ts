/** What the prelude itself says to people. It is too small to bring the catalogues of the app along. */

const EN = {
  confirm: "A page here cannot wait for an answer. It asked, and was told No:",
  prompt: "A page here cannot wait for an answer. It asked, and was told nothing:",
  tooLarge: "This download is too large: 32 MB at most.",
};

const ZH: typeof EN = {
  confirm: "此处的页面无法等待回答。它询问了以下内容，得到的回答是“否”：",
  prompt: "此处的页面无法等待回答。它询问了以下内容，没有得到回答：",
  tooLarge: "下载内容过大：最多 32 MB。",
};

export type Texts = typeof EN;

export function textsFor(language: "en" | "zh-hans" | undefined): Texts {
  return language === "zh-hans" ? ZH : EN;
}
