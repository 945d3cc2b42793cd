from playground.host.rendering.page import Page, Passed, head


def render_html(name: str) -> Page:
    return Page("", Passed)


def render_svg(name: str) -> Page:
    """Inside a page, so that it grows while it comes in, and its scripts have the prelude before them."""
    style = "<style>html,body{margin:0;height:100%}svg{display:block;width:100%;height:100%}</style>"
    return Page(f"{head(name)}{style}</head><body>\n", Passed, "\n</body></html>")
