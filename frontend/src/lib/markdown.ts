import MarkdownIt from "markdown-it";

/** Markdown without HTML and without pictures: what a model writes is text, and may reach nobody's server. */
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false }).disable("image");

const openLink = markdown.renderer.rules.link_open;
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet("target", "_blank");
  tokens[index]?.attrSet("rel", "noopener noreferrer nofollow");
  return openLink ? openLink(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
};

export function renderMarkdown(text: string): string {
  return markdown.render(text);
}
