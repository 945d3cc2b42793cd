"""The versions of a page: listed, named, compared, restored, gone on from; and by whom."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.stack import Stack
from tests.e2e.test_people import check_accessibility
from tests.e2e.workbench import choose_model, make_wish, wait_for_version
from tests.upstream import Upstream

SIZE = "20, 20);"
NOISE = '<script>localStorage.visits = +(localStorage.visits ?? 0) + 1; console.error("noise")</script>\n</body>'


def edit(search: str, replace: str) -> str:
    return f"```html index.html\n<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n```\n"


def ask(page: Page, upstream: Upstream, wish: str, answer: str) -> None:
    upstream.turns["edits"] = [answer]
    choose_model(page, "edits")
    make_wish(page, wish)


@pytest.fixture
def workbench(page: Page, lab: Stack, upstream: Upstream) -> Page:
    """A page with three versions; the second is noisy, the third has a square of another size."""
    page.goto(f"{lab.url}/new")
    choose_model(page, "good")
    make_wish(page, "a ball that swings")
    wait_for_version(page)
    ask(page, upstream, "count the visits", edit("</body>", NOISE))
    wait_for_version(page, 2)
    line = "    pen.fillRect(100 + 80 * Math.sin(now / 300), 90, 20, 20);"
    ask(page, upstream, "make it larger", edit(line, line.replace(SIZE, "40, 40);")))
    wait_for_version(page, 3)
    return page


def open_versions(page: Page) -> Locator:
    page.get_by_role("tab", name="Versions").click()
    items = page.locator("#stage-versions li")
    expect(items.first).to_be_visible()
    return items


def choose(page: Page, number: int, action: str) -> None:
    page.get_by_role("button", name=f"More for version {number}").click()
    page.get_by_role("button", name=action).click()


def shown_version(page: Page, number: int) -> None:
    frames = page.locator("#stage-preview iframe")
    expect(frames).to_have_count(1)
    expect(frames).to_have_attribute("src", re.compile(f"/v/{number}/"))


def test_the_list_says_how_each_version_came_about_and_names_it(workbench: Page, screenshots: Path) -> None:
    items = open_versions(workbench)
    expect(items).to_have_count(3)
    expect(items.first).to_contain_text("Version 3")
    expect(items.first).to_contain_text("newest")
    expect(items.first).to_contain_text("make it larger")
    expect(items.first).to_contain_text("1 file changed")
    expect(items.last).to_contain_text("good")
    expect(items.first.locator(".tile")).to_contain_text("HTML")  # there is no picture: no broken one either
    expect(items.first.locator("img")).to_have_count(0)
    choose(workbench, 1, "Name this version")
    field = workbench.get_by_role("textbox", name="Name of version 1")
    field.fill("not this")
    field.press("Escape")
    choose(workbench, 1, "Name this version")
    field.fill("the calm one")
    field.press("Enter")
    expect(items.last).to_contain_text("the calm one")
    expect(workbench.get_by_role("button", name="More for version 1")).to_be_focused()
    check_accessibility(workbench)
    workbench.screenshot(path=screenshots / "versions.png")
    workbench.reload()
    expect(open_versions(workbench).last).to_contain_text("the calm one")


def test_two_versions_are_compared_by_code_and_by_their_pages(workbench: Page, screenshots: Path) -> None:
    page = workbench
    open_versions(page)
    page.get_by_role("button", name="Compare version 3").click()
    comparison = page.get_by_role("region", name="Two versions side by side")
    expect(comparison.get_by_label("Before", exact=True)).to_have_value("2")
    expect(comparison.get_by_role("tab", name=re.compile("index.html.*changed"))).to_be_visible()
    expect(comparison.locator(".cm-deletedChunk")).to_contain_text("90, 20, 20")
    expect(comparison.locator(".cm-changedLine")).to_contain_text("90, 40, 40")
    expect(comparison.locator(".cm-collapsedLines").first).to_contain_text("unchanged lines")
    expect(comparison.get_by_text("<!DOCTYPE html>")).to_have_count(0)
    comparison.get_by_text("Whole files").click()
    expect(comparison.get_by_text("<!DOCTYPE html>")).to_be_visible()
    comparison.get_by_role("button", name="Two columns").click()
    comparison.get_by_label("Before", exact=True).select_option("1")
    expect(comparison.locator(".cm-merge-a .cm-changedLine")).to_contain_text("90, 20, 20")
    expect(comparison.locator(".cm-merge-b .cm-changedLine")).to_have_count(2)
    check_accessibility(page)
    comparison.get_by_label("After", exact=True).select_option("1")
    expect(comparison.get_by_text("Both versions hold the same files.")).to_be_visible()
    comparison.get_by_label("After", exact=True).select_option("2")
    page.screenshot(path=screenshots / "versions-code.png")
    slide_between_pages(page, comparison)
    page.screenshot(path=screenshots / "versions-pages.png")
    page.get_by_role("button", name="All versions").click()
    expect(page.get_by_role("button", name="Compare version 3")).to_be_focused()


def slide_between_pages(page: Page, comparison: Locator) -> None:
    """What the pages report and store there concerns nobody else."""
    errors = page.locator(".console .errors")
    expect(errors).to_have_text("1")  # the page on the stage
    comparison.get_by_role("button", name="Pages").click()
    frames = comparison.locator("iframe")
    expect(frames).to_have_count(2)
    for frame, number in ((frames.first, 2), (frames.last, 1)):
        expect(frame).to_have_attribute("src", re.compile(f"/v/{number}/"))
        expect(frame).to_have_attribute("sandbox", re.compile("^(?!.*same-origin)"))
        expect(frame.content_frame.locator("canvas")).to_be_attached()
    visits = "() => localStorage.visits"
    assert frames.first.content_frame.locator("body").evaluate(visits) == "3"  # two on the stage
    comparison.get_by_role("button", name="Code").click()
    comparison.get_by_role("button", name="Pages").click()
    expect(frames.first.content_frame.locator("canvas")).to_be_attached()
    assert frames.first.content_frame.locator("body").evaluate(visits) == "3"  # what the last look left is gone
    slider = comparison.get_by_role("slider", name="Divider between the two pages")
    slider.focus()
    for key, value in (("ArrowRight", "52"), ("PageDown", "42"), ("End", "100"), ("Home", "0"), ("ArrowLeft", "0")):
        slider.press(key)
        expect(slider).to_have_attribute("aria-valuenow", value)
    expect(slider).to_have_attribute("aria-valuetext", "v1 0 %, v2 100 %")
    ground = comparison.locator(".ground").bounding_box()
    assert ground
    middle = ground["y"] + ground["height"] / 2
    page.mouse.move(ground["x"] + 12, middle)  # left of that is the edge of the stage
    page.mouse.down()
    page.mouse.move(ground["x"] + ground["width"] * 0.75, middle, steps=5)
    expect(slider).to_have_attribute("aria-valuenow", "75")
    page.mouse.up()
    page.mouse.move(ground["x"] + 40, middle)
    expect(slider).to_have_attribute("aria-valuenow", "75")
    expect(errors).to_have_text("1")


def test_an_earlier_version_is_shown_restored_and_gone_on_from(workbench: Page, upstream: Upstream) -> None:
    page = workbench
    main = page.url
    open_versions(page)
    page.get_by_role("button", name="Look at version 1").click()
    bar = page.get_by_text("You are looking at version 1 of 3")
    expect(bar).to_be_visible()
    shown_version(page, 1)
    page.get_by_role("tab", name="Code").click()
    expect(page.locator("#stage-code")).to_contain_text("90, 20, 20")
    page.get_by_role("button", name="Back to the newest").click()
    expect(bar).to_have_count(0)
    expect(page.locator("#stage-code")).to_contain_text("90, 40, 40")

    items = open_versions(page)
    choose(page, 1, "Restore as a new version")
    expect(page.get_by_text("Version 1 is back, as version 4.")).to_be_visible()
    expect(items).to_have_count(4)
    expect(items.first).to_contain_text("Restored from version 1")
    expect(items.first).to_contain_text("on the stage")
    page.get_by_role("tab", name="Preview").click()
    shown_version(page, 4)

    open_versions(page)
    page.get_by_role("button", name="Look at version 2").click()
    expect(page.get_by_text("You are looking at version 2 of 4")).to_be_visible()
    page.get_by_role("button", name="Go on from here").click()
    expect(page).not_to_have_url(main)
    expect(page.get_by_role("textbox", name="Your wish")).to_be_focused()
    shown_version(page, 2)
    items = open_versions(page)
    ask(page, upstream, "on another background", edit("#eee", "#eef"))
    wait_for_version(page, 5)
    expect(items.first).to_contain_text("on another background")  # the list has followed
    expect(items).to_have_count(5)
    page.get_by_role("button", name="Compare version 5").click()
    expect(page.get_by_label("Before", exact=True)).to_have_value("2")
    expect(page.locator(".cm-deletedChunk")).to_contain_text("#eee")


def test_a_stranger_may_read_and_go_on_but_not_write(workbench: Page, lab: Stack, browser: Browser) -> None:
    source = str(workbench.get_by_role("link", name="Open the permalink").get_attribute("href"))
    match = re.search(r"/a/(\w+)/", source)
    assert match
    versions = f"{lab.url}/api/artifacts/{match[1]}/versions"
    open_versions(workbench)
    choose(workbench, 2, "Name this version")
    workbench.get_by_role("textbox", name="Name of version 2").fill("noisy")
    workbench.keyboard.press("Enter")
    expect(workbench.locator("#stage-versions li").nth(1)).to_contain_text("noisy")

    stranger = browser.new_context(locale="en-US").new_page()
    stranger.goto(f"{lab.url}/a/{match[1]}/v/2")
    expect(stranger.get_by_text("2 noisy")).to_be_visible()
    stranger.get_by_role("button", name="Remix").click()
    expect(stranger).to_have_url(re.compile("/c/"))
    items = open_versions(stranger)
    expect(items).to_have_count(1)
    expect(items.first).to_contain_text("Remix of Ball, v2")
    told = stranger.evaluate(
        """async (versions) => {
          const token = /csrftoken=([^;]*)/.exec(document.cookie)[1];
          const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
          const list = await (await fetch(versions)).json();
          const body = JSON.stringify({ label: "mine" });
          const named = await fetch(`${versions}/1`, { method: "PATCH", headers, body });
          const restored = await fetch(`${versions}/1/restore`, { method: "POST", headers });
          return [list.is_mine, list.versions.length, named.status, restored.status];
        }""",
        versions,
    )
    assert told == [False, 3, 404, 404]
    stranger.get_by_role("button", name="Compare version 1").click()  # with what it is a remix of
    expect(stranger.get_by_text("Both versions hold the same files.")).to_be_visible()
    stranger.context.close()


def test_the_list_on_a_phone(workbench: Page, screenshots: Path) -> None:
    workbench.set_viewport_size({"width": 390, "height": 844})
    workbench.get_by_role("tab", name="Result").click()
    open_versions(workbench)
    share = workbench.get_by_role("button", name="Share").bounding_box()
    assert share
    assert share["x"] + share["width"] <= 390
    workbench.get_by_role("button", name="Compare version 3").click()
    expect(workbench.locator(".cm-deletedChunk")).to_contain_text("90, 20, 20")
    expect(workbench.get_by_role("button", name="Two columns")).to_have_count(0)
    assert workbench.evaluate("document.documentElement.scrollWidth") == 390
    workbench.screenshot(path=screenshots / "versions-phone.png")
