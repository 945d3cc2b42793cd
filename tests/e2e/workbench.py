"""The workbench as a person uses it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import FrameLocator, Locator, Page, expect

from playground.reel.clips import load_clips
from tests.upstream import Upstream


def make_wish(page: Page, wish: str) -> None:
    field = page.get_by_role("textbox", name="Your wish")
    field.fill(wish)
    field.press("Enter")


@contextmanager
def unfinished_demo(upstream: Upstream, slug: str, after: str, delay: float = 0.001) -> Iterator[None]:
    """The next answer of the lab's own model is this demo's. Inside, it is written up to `after` and no further, with
    `delay` seconds between two tokens.
    """
    [clip] = [clip for clip in load_clips() if clip.slug == slug]
    upstream.turns["no-done"] = [clip.answer("en")]
    usual, upstream.delay = upstream.delay, delay
    try:
        with upstream.held(after):
            yield
    finally:
        upstream.delay = usual


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("section iframe")


def status(page: Page) -> Locator:
    """The quiet line below the newest answer."""
    return page.locator("article .status").last


def wait_for_version(page: Page, number: int = 1) -> None:
    expect(page.get_by_role("button", name=f"Version {number}", exact=True)).to_be_visible(timeout=60_000)


def open_code(page: Page) -> str:
    """The text of the code view, read through its own copy button."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("tab", name="Code").click()
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.bring_to_front()
    return str(page.evaluate("navigator.clipboard.readText()")).rstrip("\n")


def choose_model(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("^Model: ")).click()
    page.get_by_role("button", name=name).filter(has=page.get_by_text(name, exact=True)).first.click()
