"""Pages of our own, published as a guest does by the API."""

from playwright.sync_api import Page

from tests.e2e.stack import Stack

_PUBLISH = """async ([title, files]) => {
  const token = /csrftoken=([^;]*)/.exec(document.cookie)[1];
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const body = JSON.stringify({ title, files });
  return (await (await fetch("/api/artifacts", { method: "POST", headers, body })).json()).url;
}"""


def document(body: str) -> str:
    return f'<!doctype html>\n<html lang="en"><head><title>A page</title></head>\n<body>\n{body}\n</body></html>\n'


def publish(page: Page, stack: Stack, body: str, **files: str) -> str:
    """Publish a page with `body`, and `files` by their names without `.html`; leads to its permalink."""
    others = {f"{name}.html": document(text) for name, text in files.items()}
    url = publish_files(page, stack, "A page", {"index.html": document(body)} | others)
    page.goto(url)
    return url


def publish_files(page: Page, stack: Stack, title: str, files: dict[str, str]) -> str:
    """The permalink."""
    page.goto(f"{stack.url}/new")
    return str(page.evaluate(_PUBLISH, [title, files]))
