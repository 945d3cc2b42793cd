"""What a page may ask for, what it reports, and how it is held: through the bridge, with the prelude in the frame."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.publishing import publish
from tests.e2e.stack import Stack
from tests.e2e.test_people import check_accessibility
from tests.e2e.workbench import make_wish, preview, wait_for_version

VISITS = """<output></output><script>
localStorage.visits = Number(localStorage.visits ?? 0) + 1;
document.querySelector("output").textContent = localStorage.visits;
</script>"""
LOOP = '<button onclick="setTimeout(() => { while (true); }, 20)">Loop</button>'
BROKEN = """<script>
for (let i = 0; i < 5; i++) console.log("again");
console.warn("careful");
setTimeout(() => missing.call());
</script>"""
CALLER = """<script>
fetch("https://api.example.com/forecast").catch(() => {});
</script>"""


@pytest.fixture
def guest(browser: Browser) -> Iterator[Page]:
    """For pages that throw errors: unlike `page`, it bears them."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()


def artifact(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def open_in_workbench(page: Page) -> None:
    page.get_by_role("button", name="Open in workbench").press("Enter")  # a click just after scrolling meets the frame
    expect(page).to_have_url(re.compile("/c/"))
    expect(page.locator("section iframe")).to_be_attached()


def open_console(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Console")).click()


# ------------------------------------------------------------------------------------------ storage


def test_a_page_keeps_its_storage_and_no_other_page_sees_it(page: Page, stack: Stack) -> None:
    other = publish(page, stack, VISITS)
    expect(page.get_by_role("button", name="Clear data")).to_be_visible()
    publish(page, stack, VISITS)
    expect(artifact(page).locator("output")).to_have_text("1")
    expect(page.get_by_role("button", name="Clear data")).to_be_visible()  # the page's change has come over
    page.reload()
    expect(artifact(page).locator("output")).to_have_text("2")
    page.goto(other)
    expect(artifact(page).locator("output")).to_have_text("2")  # its own second visit
    page.once("dialog", lambda dialog: dialog.accept())
    button = page.get_by_role("button", name="Clear data")
    button.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a frame of another process learns late that it has scrolled away from the pointer
    button.click()
    expect(artifact(page).locator("output")).to_have_text("1")


def test_the_workbench_and_the_permalink_share_the_storage_of_a_page(page: Page, stack: Stack) -> None:
    publish(page, stack, VISITS)
    expect(page.get_by_role("button", name="Clear data")).to_be_visible()
    open_in_workbench(page)
    expect(preview(page).locator("output")).to_have_text("2")
    page.get_by_role("button", name="Clear data").click()
    page.locator(".data").get_by_role("button", name="Clear data").click()
    expect(preview(page).locator("output")).to_have_text("1")


def test_the_pages_of_a_site_share_their_storage(page: Page, stack: Stack) -> None:
    publish(page, stack, f'{VISITS}<a href="about.html">About</a>', about=f"<h1>About</h1>{VISITS}")
    artifact(page).get_by_role("link", name="About").click()
    expect(artifact(page).get_by_role("heading", name="About")).to_be_visible()
    expect(artifact(page).locator("output")).to_have_text("2")


# ------------------------------------------------------------------------------------------- offers


def test_a_download_needs_a_click_outside_and_has_a_safe_name(page: Page, stack: Stack) -> None:
    body = """<button onclick="save()">Export</button><script>
    function save() {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["a,b"], { type: "text/csv" }));
      link.download = "../report.csv";
      link.click();
    }</script>"""
    publish(page, stack, body)
    artifact(page).get_by_role("button", name="Export").click()
    expect(page.get_by_text("The page made a file: report.csv, 3 byte")).to_be_visible()
    check_accessibility(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename == "report.csv"
    assert Path(download.value.path()).read_text() == "a,b"
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_a_link_opens_in_a_tab_of_its_own_after_a_click_outside(page: Page, stack: Stack) -> None:
    publish(page, stack, '<a href="https://user@example.com/docs" target="_blank">Docs</a>')
    artifact(page).get_by_role("link", name="Docs").click()
    expect(page.get_by_text("The page links to example.com")).to_be_visible()
    link = page.get_by_role("link", name="Open in a new tab")
    expect(link).to_have_attribute("href", "https://example.com/docs")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    page.get_by_role("button", name="Dismiss").click()
    expect(link).to_have_count(0)


def test_the_clipboard_is_written_after_a_click_outside(page: Page, stack: Stack) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    publish(page, stack, "<button onclick=\"navigator.clipboard.writeText('secret recipe')\">Take</button>")
    page.evaluate("navigator.clipboard.writeText('mine')")
    artifact(page).get_by_role("button", name="Take").click()
    expect(page.get_by_text("The page would like to copy “secret recipe”")).to_be_visible()
    page.bring_to_front()
    assert page.evaluate("navigator.clipboard.readText()") == "mine"
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_have_count(0)
    assert page.evaluate("navigator.clipboard.readText()") == "secret recipe"


def test_full_screen_after_a_click_outside_has_a_way_out(page: Page, stack: Stack) -> None:
    publish(page, stack, '<button onclick="document.body.requestFullscreen()">Fill</button>')
    artifact(page).get_by_role("button", name="Fill").click()
    page.locator(".foot").get_by_role("button", name="Full screen").click()
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    page.get_by_role("button", name="Leave full screen").click()
    expect(page.get_by_role("button", name="Leave full screen")).to_have_count(0)
    page.get_by_role("link", name="Full screen").click()
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()


# ----------------------------------------------------------------------------------- console, fix it


def test_the_console_counts_and_leads_to_the_code(guest: Page, stack: Stack) -> None:
    page = guest
    publish(page, stack, BROKEN)
    open_in_workbench(page)
    expect(page.get_by_text("This page reported 1 problem.")).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).click()
    log = page.get_by_role("log")
    expect(log.get_by_label("5 times")).to_be_visible()
    expect(page.get_by_role("button", name="Console: 1 error, 1 warning")).to_be_visible()
    page.get_by_role("button", name="Warnings").click()
    expect(log.get_by_text("careful")).to_be_visible()
    expect(log.get_by_text("again")).to_have_count(0)
    check_accessibility(page)
    page.get_by_role("button", name=re.compile("^Errors")).click()
    page.get_by_role("button", name=re.compile(r"Show index\.html:7:\d+ in the code")).click()
    expect(page.locator(".cm-content")).to_contain_text("missing.call()")
    check_accessibility(page)
    page.get_by_role("button", name="Clear the console").click()
    expect(log.get_by_text("Nothing was reported.")).to_be_visible()


def test_fix_it_sends_the_errors_with_their_code_as_a_wish(guest: Page, stack: Stack) -> None:
    page = guest
    publish(page, stack, BROKEN)
    open_in_workbench(page)
    page.get_by_role("button", name="Fix it").click()
    wish = page.locator("article .wish")
    expect(wish).to_contain_text("The page reports an error when it runs. Please fix it:")
    expect(wish).to_contain_text(re.compile(r"1\. .*missing is not defined \(index\.html:7:\d+\)"))
    expect(wish).to_contain_text("> 7 | setTimeout(() => missing.call());")


# ------------------------------------------------------------------------------------------ network


def test_the_owner_allows_a_host_and_visitors_see_it(page: Page, stack: Stack, browser: Browser) -> None:
    url = publish(page, stack, CALLER)
    expect(page.get_by_text("This page tried to reach api.example.com")).to_be_visible()
    open_in_workbench(page)
    expect(page.get_by_text("This page tried to reach api.example.com")).to_be_visible()
    check_accessibility(page)
    with page.expect_response(re.compile(r"/v/1/\?hosts=")) as served:
        page.get_by_role("button", name="Allow api.example.com for this page").click()
    policy = served.value.header_value("Content-Security-Policy") or ""
    assert "https://api.example.com" in policy
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="No longer allow api.example.com")).to_be_visible()
    stranger = browser.new_context().new_page()
    stranger.goto(url)
    expect(stranger.get_by_text("Other hosts it may reach")).to_be_visible()
    expect(stranger.get_by_role("main").get_by_text("api.example.com")).to_be_visible()
    stranger.context.close()


def test_a_visitor_is_not_asked_about_hosts(page: Page, stack: Stack, browser: Browser) -> None:
    url = publish(page, stack, CALLER)
    expect(page.get_by_text("This page tried to reach")).to_be_visible()
    stranger = browser.new_context().new_page()
    stranger.goto(url)
    expect(stranger.frame_locator("iframe").locator("body")).to_be_attached()
    stranger.wait_for_timeout(1000)
    expect(stranger.get_by_text("This page tried to reach")).to_have_count(0)
    stranger.context.close()


# --------------------------------------------------------------------------------------------- held


def test_a_page_that_loops_can_be_stopped_and_run_again(page: Page, stack: Stack) -> None:
    publish(page, stack, LOOP)
    artifact(page).get_by_role("button", name="Loop").click()
    expect(page.get_by_text("This page is not responding.")).to_be_visible()
    page.get_by_role("button", name="Stop").click(timeout=1000)  # the app is not stuck
    expect(page.get_by_text("The page was stopped.")).to_be_visible(timeout=1000)
    page.get_by_role("button", name="Run again").click()
    expect(artifact(page).get_by_role("button", name="Loop")).to_be_visible()


def test_a_page_that_loops_on_is_closed(page: Page, stack: Stack) -> None:
    publish(page, stack, LOOP)
    artifact(page).get_by_role("button", name="Loop").click()
    expect(page.get_by_text("did not respond for a while and was closed.")).to_be_visible(timeout=40_000)
    expect(page.locator("iframe")).to_have_count(0)


def test_a_page_that_is_not_shown_is_not_accused(page: Page, stack: Stack) -> None:
    publish(page, stack, "<p>Patience</p>")
    open_in_workbench(page)
    page.get_by_role("tab", name="Code").click()
    page.wait_for_timeout(6000)
    expect(page.get_by_text("This page is not responding.")).to_have_count(0)
    page.get_by_role("tab", name="Preview").click()
    expect(preview(page).get_by_text("Patience")).to_be_visible()


def test_a_page_may_reload_itself_but_not_for_ever(page: Page, stack: Stack) -> None:
    publish(page, stack, f'{VISITS}<button onclick="location.reload()">Restart</button>')
    artifact(page).get_by_role("button", name="Restart").click()
    expect(artifact(page).locator("output")).to_have_text("2")
    publish(page, stack, "<script>setTimeout(() => location.reload(), 50)</script>")
    expect(page.get_by_text("The page keeps reloading and was closed.")).to_be_visible(timeout=30_000)
    expect(page.locator("iframe")).to_have_count(0)


def test_a_page_that_leaves_its_frame_is_closed(page: Page, stack: Stack) -> None:
    publish(page, stack, '<script>setTimeout(() => { location.href = "about:blank"; }, 300)</script>')
    expect(page.get_by_text("The page tried to leave its frame and was closed.")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)


def test_a_page_that_is_missing_is_shown_as_that(page: Page, stack: Stack) -> None:
    publish(page, stack, '<a href="gone.html">Gone</a>')
    artifact(page).get_by_role("link", name="Gone").click()
    expect(artifact(page).get_by_text("This page does not exist")).to_be_visible()
    page.wait_for_timeout(6000)
    expect(artifact(page).get_by_text("This page does not exist")).to_be_visible()
    expect(page.locator(".foot")).to_be_empty()


def test_a_page_cannot_take_the_keyboard_while_one_types(page: Page, stack: Stack) -> None:
    publish(page, stack, '<input><script>setInterval(() => document.querySelector("input").focus(), 200)</script>')
    open_in_workbench(page)
    field = page.get_by_role("textbox", name="Your wish")
    field.click()
    for _ in range(20):
        page.keyboard.type("word ")
        page.wait_for_timeout(100)
    expect(page.get_by_text("kept taking the keyboard while you were typing")).to_be_visible()
    expect(field).to_be_focused()
    page.get_by_role("button", name="Run again").click()
    expect(preview(page).get_by_role("textbox")).to_be_visible()


# --------------------------------------------------------------------------------- frames, permalink


def test_a_permalink_loads_its_page_once(page: Page, stack: Stack) -> None:
    url = publish(page, stack, VISITS)
    expect(page.get_by_role("button", name="Clear data")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}?full=1")
    expect(artifact(page).locator("output")).to_have_text("2")
    assert len([address for address in asked if "/v/1/" in address and "localhost" in address]) == 1


def test_a_streamed_page_stays_as_it_is_when_it_is_saved(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    make_wish(page, "countdown button")
    expect(page.locator("section iframe")).to_be_attached()
    page.locator("section iframe").evaluate("frame => { frame.dataset.mark = 'same'; }")
    wait_for_version(page)
    page.wait_for_timeout(1000)
    expect(page.locator("section iframe")).to_have_attribute("data-mark", "same")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_bars_and_console_are_accessible(
    browser: Browser, stack: Stack, screenshots: Path, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    publish(page, stack, f"{BROKEN}{CALLER}<script>window.open('https://example.com/')</script>")
    expect(page.get_by_text("The page links to example.com")).to_be_visible()
    check_accessibility(page)
    page.screenshot(path=screenshots / f"bars-{scheme}-{width}.png")
    open_in_workbench(page)
    if width == 390:
        page.get_by_role("tab", name="Result").click()
    expect(page.get_by_text("This page reported")).to_be_visible()
    check_accessibility(page)
    open_console(page)
    check_accessibility(page)
    page.screenshot(path=screenshots / f"console-{scheme}-{width}.png")
    context.close()
