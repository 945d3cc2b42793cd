"""The code view while a page is written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Stack
from tests.e2e.topology import wait_until
from tests.e2e.workbench import make_wish, status, unfinished_demo, wait_for_version
from tests.upstream import Upstream

PLACE = "// Last: Saturn"
DISTANCE = "scroller => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight"


def test_the_code_follows_until_the_reader_scrolls_away(
    page: Page, lab: Stack, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow = page.get_by_role("button", name="Follow")
    code = page.locator(".cm-scroller")
    with growing_code(page, lab, upstream):
        expect(follow).to_have_count(0)
        code.hover()
        page.mouse.wheel(0, -200)
        expect(follow).to_be_visible()
        place, height = code.evaluate("code => [code.scrollTop, code.scrollHeight]")
    monkeypatch.setattr(upstream, "delay", 0.1)
    wait_until(lambda: bool(code.evaluate("(code, height) => code.scrollHeight > height + 50", height)))
    assert code.evaluate("code => code.scrollTop") == place
    follow.click()
    expect(follow).to_have_count(0)
    page.wait_for_timeout(300)
    assert code.evaluate(DISTANCE) < 100


def test_the_code_follows_what_comes_at_once(page: Page, lab: Stack, upstream: Upstream) -> None:
    with growing_code(page, lab, upstream, delay=0):
        expect(page.get_by_role("button", name="Follow")).to_have_count(0)
        wait_until(lambda: bool(page.locator(".cm-scroller").evaluate(DISTANCE) < 100))


def test_wrapped_lines_do_not_end_the_following(browser: Browser, lab: Stack, upstream: Upstream) -> None:
    page = browser.new_page(locale="en-US", viewport={"width": 390, "height": 844})
    with growing_code(page, lab, upstream):
        expect(page.get_by_role("button", name="Follow")).to_have_count(0)
        expect(status(page)).to_contain_text("Writing")
    page.close()


def test_a_file_has_colours_while_it_is_written_and_then_its_grammar(
    page: Page, lab: Stack, upstream: Upstream
) -> None:
    coloured = page.locator(".cm-line span[class]")
    code = page.locator(".cm-content")
    with growing_code(page, lab, upstream):
        expect(coloured.nth(20)).to_be_visible()
        expect(status(page)).to_contain_text("Writing")
        expect(code).not_to_have_attribute("data-language", "html")
    wait_for_version(page)
    expect(code).to_have_attribute("data-language", "html")
    expect(coloured.nth(20)).to_be_visible()
    expect(code).to_have_attribute("contenteditable", "true")
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("<b>")  # what grammar knows is that it wants an end
    expect(page.locator(".cm-line").last).to_contain_text("<b></b>")


@contextmanager
def growing_code(page: Page, lab: Stack, upstream: Upstream, delay: float = 0.001) -> Iterator[None]:
    """Many windows long, followed while it is written fast; inside, it waits before its last script."""
    page.goto(f"{lab.url}/new")
    with unfinished_demo(upstream, "solar-system", PLACE, delay):
        make_wish(page, "solar system")
        page.get_by_role("button", name=re.compile("index.html")).click()
        expect(page.locator(".cm-scroller")).to_contain_text(PLACE, timeout=60_000)
        yield
