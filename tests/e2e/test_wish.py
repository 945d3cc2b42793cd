"""The main job: a wish streams, its page comes alive, the link opens for somebody else."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Stack
from tests.e2e.workbench import make_wish, open_code, preview, status, wait_for_version
from tests.upstream import Upstream

FIREWORKS = "Fireworks"
# What all canvases of the page show now, small.
PICTURE = "body => [...body.querySelectorAll('canvas')].map((c) => c.toDataURL('image/jpeg', 0.1)).join()"
END = "</body>"  # of the ball


def test_a_demo_animates_before_its_stream_has_ended(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    page.get_by_role("button", name=re.compile(FIREWORKS)).click()
    expect(page).to_have_url(re.compile(r"/c/\w{16}$"))
    expect(preview(page).locator("canvas").first).to_be_visible()
    pictures: set[str] = set()
    while len(pictures) < 4:
        expect(status(page)).to_contain_text("Writing")
        pictures.add(preview(page).locator("body").evaluate(PICTURE))
        page.wait_for_timeout(200)
    wait_for_version(page)


def test_the_answer_says_that_no_model_is_running(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    expect(page.get_by_text("No model is running.").first).to_be_visible()
    make_wish(page, "countdown button")
    expect(page.get_by_text("written by hand").first).to_be_visible()
    wait_for_version(page)


def test_a_wish_without_a_clip_is_answered_honestly(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "an accounting system for a zoo")
    expect(page.get_by_text("OPENAI_API_KEY").first).to_be_visible()
    expect(status(page)).not_to_contain_text("Writing")
    expect(page.get_by_role("button", name="Version 1")).to_have_count(0)


def test_reload_in_the_middle_shows_all_and_goes_on(page: Page, lab: Stack, upstream: Upstream) -> None:
    page.goto(f"{lab.url}/new")
    with upstream.held(END):
        make_wish(page, "a ball that swings")
        expect(preview(page).locator("canvas")).to_be_visible()
        page.reload()
        expect(page.get_by_text("a ball that swings").first).to_be_visible()
        expect(preview(page).locator("canvas")).to_be_visible()
        expect(status(page)).to_contain_text("Writing")
    wait_for_version(page)
    written = open_code(page)
    saved = saved_source(page)
    assert written == saved


def test_a_second_tab_sees_the_same_run_live(page: Page, lab: Stack, upstream: Upstream) -> None:
    page.goto(f"{lab.url}/new")
    with upstream.held(END):
        make_wish(page, "a ball that swings")
        expect(page).to_have_url(re.compile("/c/"))
        second = page.context.new_page()
        second.goto(page.url)
        expect(preview(second).locator("canvas")).to_be_visible()
        expect(status(second)).to_contain_text("Writing")
    wait_for_version(page)
    wait_for_version(second)
    assert open_code(page) == open_code(second)


def test_stop_keeps_what_is_there(page: Page, lab: Stack, upstream: Upstream) -> None:
    page.goto(f"{lab.url}/new")
    with upstream.held(END):
        make_wish(page, "a ball that swings")
        expect(page.get_by_role("button", name="index.html")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_text("Stopped.").first).to_be_visible(timeout=2000)
    page.reload()
    expect(page.get_by_text("Stopped.").first).to_be_visible()
    expect(page.get_by_role("button", name="index.html")).to_contain_text("unfinished")
    assert "<title>" in open_code(page)


def test_closing_the_tab_does_not_stop_the_run(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "typing test")
    expect(page).to_have_url(re.compile("/c/"))
    context, url = page.context, page.url
    page.goto("about:blank")
    context.new_page().wait_for_timeout(1000)
    page.goto(url)
    wait_for_version(page)


def test_the_permalink_opens_for_a_stranger_without_scripts(page: Page, stack: Stack, browser: Browser) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    wait_for_version(page)
    link = page.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert link
    stranger = browser.new_context(java_script_enabled=False).new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Countdown button")
    expect(stranger.get_by_text("written by hand, no model was running")).to_be_visible()
    expect(stranger.frame_locator("iframe").get_by_role("button", name="Start")).to_be_visible()
    stranger.get_by_role("link", name="Full screen").click()
    expect(stranger.frame_locator("iframe").get_by_role("button", name="Start")).to_be_visible()
    stranger.context.close()


def test_a_private_page_is_nobody_elses(page: Page, stack: Stack, browser: Browser) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    wait_for_version(page)
    link = page.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert link
    page.get_by_role("button", name="Share").click()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("radio", name=re.compile("Only me")).check()
    stranger = browser.new_context().new_page()
    answer = stranger.goto(link)
    assert answer
    assert answer.status == 404
    page.goto(link)
    expect(page.frame_locator("iframe").get_by_role("button", name="Start")).to_be_visible()
    stranger.context.close()


def test_remix_is_a_copy_that_a_wish_goes_on_from(page: Page, stack: Stack, browser: Browser) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    wait_for_version(page)
    link = page.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert link
    other = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    other.goto(link)
    other.get_by_role("button", name="Remix").click()
    expect(other).to_have_url(re.compile("/c/"))
    expect(preview(other).get_by_role("button", name="Start")).to_be_visible()
    make_wish(other, "countdown button")
    wait_for_version(other, 2)
    remix = other.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert remix
    assert remix.split("/a/")[1][:16] != link.split("/a/")[1][:16]
    other.goto(remix)
    expect(other.get_by_role("link", name="Countdown button")).to_be_visible()
    other.context.close()


def test_again_and_edit_make_branches_that_can_be_walked(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    wait_for_version(page)
    page.get_by_role("button", name="Again", exact=True).click()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    wait_for_version(page, 2)
    page.get_by_role("button", name="Edit the wish").click()
    field = page.get_by_role("textbox", name="Your wish")
    expect(field).to_have_value("countdown button")
    field.fill("typing test")
    field.press("Enter")
    expect(page.get_by_text("3 of 3")).to_be_visible()
    wait_for_version(page, 3)
    page.get_by_role("button", name="Previous branch").click()
    page.get_by_role("button", name="Previous branch").click()
    expect(page.get_by_text("1 of 3")).to_be_visible()
    expect(page.get_by_role("button", name="Version 1")).to_be_visible()


def saved_source(page: Page) -> str:
    """The source of the saved version."""
    link = page.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert link
    origin, artifact, number = re.findall(r"(.+)/a/(\w+)/v/(\d+)", link)[0]
    version = page.request.get(f"{origin}/api/artifacts/{artifact}/versions/{number}").json()
    return str(version["files"][0]["text"]).rstrip("\n")
