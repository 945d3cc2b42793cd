"""The code view while a page is written."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Stack
from tests.e2e.workbench import make_wish, status, wait_for_version

DISTANCE = "scroller => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight"


def test_the_code_follows_until_the_reader_scrolls_away(page: Page, stack: Stack) -> None:
    open_growing_code(page, stack)
    follow = page.get_by_role("button", name="Follow")
    expect(follow).to_have_count(0)
    page.locator(".cm-scroller").hover()
    page.mouse.wheel(0, -200)
    expect(follow).to_be_visible()
    place = page.locator(".cm-scroller").evaluate("scroller => scroller.scrollTop")
    page.wait_for_timeout(500)
    assert page.locator(".cm-scroller").evaluate("scroller => scroller.scrollTop") == place
    follow.click()
    expect(follow).to_have_count(0)
    page.wait_for_timeout(300)
    assert page.locator(".cm-scroller").evaluate(DISTANCE) < 100


def test_wrapped_lines_do_not_end_the_following(stack: Stack, browser: Browser) -> None:
    page = browser.new_context(locale="en-US", viewport={"width": 390, "height": 844}).new_page()
    open_growing_code(page, stack)
    for _ in range(20):
        expect(page.get_by_role("button", name="Follow")).to_have_count(0)
        page.wait_for_timeout(100)
    expect(status(page)).to_contain_text("Writing")
    page.context.close()


def test_a_file_has_colours_while_it_is_written_and_then_its_grammar(page: Page, stack: Stack) -> None:
    open_growing_code(page, stack)
    coloured = page.locator(".cm-line span[class]")
    expect(coloured.nth(20)).to_be_visible()
    expect(status(page)).to_contain_text("Writing")
    code = page.locator(".cm-content")
    expect(code).not_to_have_attribute("data-language", "html")
    wait_for_version(page)
    expect(code).to_have_attribute("data-language", "html")
    expect(coloured.nth(20)).to_be_visible()
    expect(code).to_have_attribute("contenteditable", "true")
    code.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("<b>")  # what grammar knows is that it wants an end
    expect(page.locator(".cm-line").last).to_contain_text("<b></b>")


def open_growing_code(page: Page, stack: Stack) -> None:
    """Many windows long, and still being written."""
    page.goto(f"{stack.url}/new")
    make_wish(page, "solar system")
    expect(status(page)).to_contain_text(re.compile(r"~[12],\d{3} tokens"))
    page.get_by_role("button", name=re.compile("index.html")).click()
    expect(page.locator(".cm-line").first).to_be_visible()
