"""Guests, members, strangers; languages; keyboard; accessibility."""

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import ROOT, Stack
from tests.e2e.workbench import make_wish, preview, unfinished_demo, wait_for_version
from tests.upstream import Upstream

type Scheme = Literal["light", "dark"]

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def check_accessibility(page: Page) -> None:
    """axe finds nothing on our own page. What the frame shows is the model's."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { iframes: false }).then(({ violations }) => violations)")
    assert [(violation["id"], [node["target"] for node in violation["nodes"]]) for violation in found] == []


def test_a_guest_signs_up_and_keeps_the_work(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    wait_for_version(page)
    conversation = page.url
    page.get_by_role("button", name="You: Guest").click()
    page.get_by_role("link", name="Sign up").click()
    check_accessibility(page)
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill("a difference engine")
    page.get_by_role("button", name="Sign up").click()
    page.goto(conversation)
    wait_for_version(page)
    page.goto(f"{stack.url}/settings/")
    expect(page.get_by_role("main").get_by_text("ada@example.com")).to_be_visible()
    check_accessibility(page)
    page.get_by_label("Name of a new token").fill("laptop")
    page.get_by_role("button", name="Make a token").click()
    token = page.locator(".new-token code").inner_text()
    answer = page.request.get(f"{stack.url}/api/conversations", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()[0]["title"] == "countdown button"


def test_a_second_person_sees_nothing_of_the_first(page: Page, stack: Stack, browser: Browser) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    expect(page).to_have_url(re.compile("/c/"))
    stranger = browser.new_context().new_page()
    answer = stranger.goto(page.url)
    assert answer
    assert answer.status == 404
    expect(stranger.get_by_role("heading", name="There is nothing here")).to_be_visible()
    stranger.context.close()


def test_chinese_by_the_browsers_choice_and_by_switch(browser: Browser, stack: Stack, screenshots: Path) -> None:
    page = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{stack.url}/new")
    expect(page.get_by_role("textbox", name="你的愿望")).to_be_visible()
    page.screenshot(path=screenshots / "chinese.png")
    field = page.get_by_role("textbox", name="你的愿望")
    field.fill("倒计时按钮")
    field.press("Enter")
    expect(page.get_by_role("button", name="版本 1")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("没有模型在运行").first).to_be_visible()
    check_accessibility(page)
    page.get_by_role("link", name="打开永久链接").evaluate("link => link.removeAttribute('target')")
    page.get_by_role("link", name="打开永久链接").click()
    expect(page.get_by_role("button", name="改编")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Remix")).to_be_visible()
    page.goto(f"{stack.url}/new")
    expect(page.get_by_role("textbox", name="Your wish")).to_be_visible()
    page.context.close()


def test_the_palette_and_the_theme_by_keyboard(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("theme dark")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_palette_lists_wishes_of_the_same_name(page: Page, stack: Stack) -> None:
    for _ in range(2):
        page.goto(f"{stack.url}/new")
        make_wish(page, "countdown button")
        expect(page).to_have_url(re.compile("/c/"))
    expect(page.get_by_role("navigation").get_by_role("link", name="countdown button")).to_have_count(2)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("go to")
    expect(page.get_by_role("option", name="Go to: countdown button")).to_have_count(2)


def test_escape_within_an_input_method_stops_nothing(page: Page, lab: Stack, upstream: Upstream) -> None:
    page.goto(f"{lab.url}/new")
    with upstream.held():
        make_wish(page, "a ball")
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        field = page.get_by_role("textbox", name="Your wish")
        field.dispatch_event("keydown", {"key": "Escape", "isComposing": True})
    wait_for_version(page)


def test_panels_stay_within_a_phones_window(browser: Browser, stack: Stack) -> None:
    page = browser.new_context(locale="en-US", viewport={"width": 390, "height": 700}).new_page()
    page.goto(f"{stack.url}/new")
    page.get_by_role("button", name="Settings of the answer").click()
    hint = page.get_by_text("Empty fields leave")
    expect(hint).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Seed")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(hint).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_state_is_accessible(
    browser: Browser, stack: Stack, screenshots: Path, scheme: Scheme, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{stack.url}/new")
    expect(page.get_by_role("textbox", name="Your wish")).to_be_visible()
    check_accessibility(page)
    page.screenshot(path=screenshots / f"welcome-{scheme}-{width}.png")
    make_wish(page, "countdown button")
    wait_for_version(page)
    if width == 390:
        page.get_by_role("tab", name="Result").click()
    page.get_by_role("tab", name="Code").click()
    expect(page.locator(".cm-content")).to_be_visible()
    check_accessibility(page)
    page.screenshot(path=screenshots / f"code-{scheme}-{width}.png")
    page.get_by_role("button", name="Share").click()
    check_accessibility(page)
    page.screenshot(path=screenshots / f"share-{scheme}-{width}.png")
    link = page.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert link
    page.goto(link)
    expect(page.frame_locator("iframe").get_by_role("button", name="Start")).to_be_visible()
    check_accessibility(page)
    page.screenshot(path=screenshots / f"permalink-{scheme}-{width}.png")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_an_answer_is_accessible_while_it_is_written(
    browser: Browser, lab: Stack, upstream: Upstream, screenshots: Path, scheme: Scheme, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{lab.url}/new")
    with unfinished_demo(upstream, "fireworks", "// More shells"):
        make_wish(page, "fireworks")
        expect(preview(page).locator("canvas").first).to_be_attached()
        expect(page.get_by_role("button", name="index.html")).to_be_visible()
        check_accessibility(page)
        page.screenshot(path=screenshots / f"streaming-{scheme}-{width}.png")
        page.keyboard.press("Escape")
        expect(page.get_by_text("Stopped.").first).to_be_visible()
    check_accessibility(page)
    page.screenshot(path=screenshots / f"stopped-{scheme}-{width}.png")
    page.close()


def test_conversations_are_listed_renamed_and_deleted(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    wait_for_version(page)
    page.get_by_role("button", name="New wish").click()
    expect(page).to_have_url(f"{stack.url}/new")
    page.get_by_role("navigation").get_by_role("link", name="countdown button").click()
    expect(preview(page).get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("button", name="Rename: countdown button").click()
    page.get_by_role("textbox", name="Rename").fill("five seconds")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="five seconds")).to_be_visible()
    page.get_by_role("button", name="Delete: five seconds").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("link", name="five seconds")).to_have_count(0)
    expect(page).to_have_url(f"{stack.url}/new")
