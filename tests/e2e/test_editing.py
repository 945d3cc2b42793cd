"""Editing by hand: what is typed is kept, shown and saved; what comes in between loses nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, FrameLocator, Locator, Page, Route, expect

from tests.behaviours import PAGE
from tests.e2e.stack import Stack
from tests.e2e.test_changes import edit
from tests.e2e.workbench import choose_model, make_wish, wait_for_version
from tests.upstream import Upstream

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000020000000208020000" + "00fdd49a73"
    "0000001649444154789c63f8cfc0c0c0c0c0f09f818181810100"
    "1ff302fe5e8ab9b60000000049454e44ae426082"
)
LINE = next(line for line in PAGE.splitlines() if "20, 20);" in line)
# The fewest and the most frames that were in the page at any painted moment.
WATCH = """() => {
  window.seen = [9, 0];
  const look = () => {
    const count = document.querySelectorAll('#stage-preview iframe').length;
    window.seen = [Math.min(window.seen[0], count), Math.max(window.seen[1], count)];
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture
def workbench(page: Page, lab: Stack) -> Page:
    """A page of one file, open in the code view."""
    page.goto(f"{lab.url}/new")
    choose_model(page, "good")
    make_wish(page, "a ball that swings")
    wait_for_version(page)
    page.get_by_role("tab", name="Code").click()
    expect(editor(page)).to_have_attribute("contenteditable", "true")
    return page


def editor(page: Page) -> Locator:
    return page.locator(".cm-content")


def shown(page: Page) -> FrameLocator:
    return page.frame_locator("#stage-preview .layer:not(.former) iframe")


def expect_page(page: Page, version: int) -> None:
    """That version's page is alone on the stage."""
    current = page.locator("#stage-preview .layer:not(.former) iframe")
    expect(current).to_have_attribute("src", re.compile(rf"/v/{version}/"))
    expect(page.locator("#stage-preview iframe")).to_have_count(1)


def type_at_end(page: Page, text: str) -> None:
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def replace_line(page: Page, old: str, new: str) -> None:
    page.locator(".cm-line").filter(has_text=old).click(click_count=3)
    page.keyboard.insert_text(f"{new}\n")


def expect_unsaved(page: Page, version: int) -> None:
    expect(page.get_by_text(f"Unsaved changes to version {version}")).to_be_visible()
    expect(page.get_by_text("kept on the server")).to_be_visible()


def artifact_of(page: Page) -> str:
    url = page.get_by_role("link", name="Open the permalink").get_attribute("href")
    assert url
    return url.split("/a/")[1].split("/")[0]


def test_what_is_typed_is_shown_kept_and_saved(workbench: Page, lab: Stack, browser: Browser) -> None:
    page = workbench
    page.evaluate(WATCH)
    type_at_end(page, '<p id="hand">By hand</p>\n')
    expect(shown(page).locator("#hand")).to_have_text("By hand")
    expect(page.locator("#stage-preview iframe")).to_have_count(1)
    assert page.evaluate("window.seen") == [1, 2]
    expect_unsaved(page, 1)
    page.reload()
    page.get_by_role("tab", name="Code").click()
    expect(editor(page)).to_contain_text("By hand")
    expect(shown(page).locator("#hand")).to_have_text("By hand")
    artifact = artifact_of(page)
    stranger = browser.new_context().request
    assert stranger.get(f"{lab.url}/api/artifacts/{artifact}/draft").status == 404
    editor(page).click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as version 2.")).to_be_attached()
    expect_page(page, 2)
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    page.reload()
    expect_page(page, 2)


def test_unsaved_changes_can_be_undone_and_discarded(workbench: Page) -> None:
    page = workbench
    type_at_end(page, "<!-- one -->")
    expect_unsaved(page, 1)
    page.keyboard.press("Control+z")
    expect(editor(page)).not_to_contain_text("one -->")
    page.keyboard.press("Control+y")
    expect(editor(page)).to_contain_text("one -->")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor(page)).not_to_be_focused()
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Discard them").click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    expect(editor(page)).not_to_contain_text("one -->")


def test_files_are_added_used_renamed_and_deleted(workbench: Page, lab: Stack) -> None:
    page = workbench
    page.get_by_role("button", name="Show the files").click()
    tree = page.get_by_role("navigation", name="Files")
    uploads: list[FilePayload] = [
        {"name": "red ball.png", "mimeType": "image/png", "buffer": PNG},
        {"name": "fake.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"to do"},
    ]
    page.locator("nav input[type=file]").set_input_files(uploads)
    expect(page.get_by_role("alert").filter(has_text="fake.png")).to_contain_text("no PNG file")
    page.get_by_role("button", name="Dismiss").click()
    expect(tree.get_by_role("button", name="notes.txt", exact=True)).to_be_visible()
    tree.get_by_role("button", name="red-ball.png", exact=True).click()
    expect(page.get_by_role("img", name="red-ball.png")).to_be_visible()
    expect(page.get_by_text("2 × 2")).to_be_visible()
    tree.get_by_role("button", name="Rename or move red-ball.png").click()
    page.get_by_role("textbox", name="Name of the file").fill("img/ball.png")
    page.keyboard.press("Enter")
    expect(tree.get_by_role("button", name="ball.png", exact=True)).to_be_visible()
    expect(tree.get_by_role("button", name="img", exact=True)).to_be_visible()
    tree.get_by_role("button", name="Delete notes.txt").click()
    expect(tree.get_by_role("button", name="notes.txt", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    tree.get_by_role("button", name="Delete notes.txt").click()
    tree.get_by_role("button", name="New file").click()
    page.get_by_role("textbox", name="Name of the file").fill("style")
    page.keyboard.press("Enter")
    expect(page.get_by_text("an ending like .html")).to_be_visible()
    page.get_by_role("textbox", name="Name of the file").fill("style.css")
    page.keyboard.press("Enter")
    expect(page.locator("#stage-code .path")).to_have_text("style.css")
    type_at_end(page, "img { border: 7px solid }")
    tree.get_by_role("button", name="index.html").first.click()
    type_at_end(page, '<link rel="stylesheet" href="style.css"><img src="img/ball.png">')
    picture = shown(page).locator("img")
    expect(picture).to_have_css("border-top-width", "7px")
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 2
    page.get_by_role("button", name="Save", exact=True).click()
    expect_page(page, 2)
    version = page.request.get(f"{lab.url}/api/artifacts/{artifact_of(page)}/versions/2").json()
    assert sorted(file["path"] for file in version["files"]) == ["img/ball.png", "index.html", "style.css"]
    assert version["maker"] == "hand"


def test_a_version_that_comes_meanwhile_is_merged(workbench: Page, upstream: Upstream, screenshots: Path) -> None:
    page = workbench
    replace_line(page, "20, 20);", "    pen.fillRect(0, 0, 33, 33);")
    type_at_end(page, "<!-- mine -->")
    expect_unsaved(page, 1)
    upstream.turns["edits"] = ["Larger.\n\n" + edit(LINE, LINE.replace("20, 20);", "40, 40);"))]
    choose_model(page, "edits")
    make_wish(page, "make it larger")
    wait_for_version(page, 2)
    expect(editor(page)).to_contain_text("33, 33")  # nothing was taken out of hand
    expect(page.get_by_text("Version 2 has come meanwhile")).to_be_visible()
    page.get_by_role("button", name="Look at version 2").click()
    expect(editor(page)).to_contain_text("40, 40")
    page.get_by_role("button", name="Back to them").click()
    expect(editor(page)).to_contain_text("33, 33")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog", name="Both were changed")
    expect(dialog).to_contain_text("40, 40")
    page.screenshot(path=screenshots / "conflict.png")
    save = dialog.get_by_role("button", name="Save the merged version")
    expect(save).to_be_disabled()
    dialog.get_by_role("button", name="Later").click()
    expect_unsaved(page, 1)
    page.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("button", name="Edit", exact=True).click()
    dialog.get_by_role("textbox", name="The text that is to stay").fill("    pen.fillRect(0, 0, 36, 36);")
    save.click()
    expect_page(page, 3)
    expect(editor(page)).to_contain_text("36, 36")
    expect(editor(page)).to_contain_text("<!-- mine -->")


def test_back_before_the_other_page_has_come(workbench: Page, upstream: Upstream) -> None:
    """The page that still stands in for a version is wanted again itself."""
    page = workbench
    held: list[Route] = []
    page.route("**/v/2/**", lambda route: held.append(route))
    replace_line(page, "20, 20);", "    pen.fillRect(0, 0, 33, 33);")
    expect_unsaved(page, 1)
    upstream.turns["edits"] = ["Larger.\n\n" + edit(LINE, LINE.replace("20, 20);", "40, 40);"))]
    choose_model(page, "edits")
    make_wish(page, "make it larger")
    wait_for_version(page, 2)
    page.get_by_role("button", name="Look at version 2").click()
    expect(page.locator("#stage-preview .layer:not(.former) iframe")).to_have_attribute("src", re.compile("/v/2/"))
    page.get_by_role("button", name="Back to them").click()
    expect(editor(page)).to_contain_text("33, 33")
    expect(page.locator("#stage-preview iframe")).to_have_count(1)
    page.get_by_role("tab", name="Preview").click()
    expect(shown(page).locator("canvas")).to_be_visible()
    assert held
    for route in held:
        route.abort()


def test_an_answer_that_ends_after_a_save_is_merged_or_told(workbench: Page, upstream: Upstream) -> None:
    """The wish is on its way while the person saves: once apart from it, once in the same line."""
    page = workbench
    type_at_end(page, "<!-- mine -->")
    expect_unsaved(page, 1)
    with answering(page, upstream, edit(LINE, LINE.replace("20, 20);", "40, 40);"))):
        save_now(page, 2)
    wait_for_version(page, 3)
    expect(page.get_by_text("Your version 2, saved meanwhile, is in it.")).to_be_visible()
    expect(editor(page)).to_contain_text("<!-- mine -->")
    expect(editor(page)).to_contain_text("40, 40")
    expect_page(page, 3)
    replace_line(page, "40, 40);", "    pen.fillRect(0, 0, 33, 33);")
    expect_unsaved(page, 3)
    old = LINE.replace("20, 20);", "40, 40);")
    with answering(page, upstream, edit(old, old.replace("40, 40);", "60, 60);"))):
        save_now(page, 4)
    wait_for_version(page, 5)
    expect(page.get_by_text("Your version 4, saved meanwhile, touches the same lines.")).to_be_visible()
    page.get_by_role("button", name="Merge the two").click()
    expect(editor(page)).to_contain_text("33, 33")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog", name="Both were changed")
    dialog.get_by_role("button", name="Yours").click()
    dialog.get_by_role("button", name="Save the merged version").click()
    expect_page(page, 6)
    expect(editor(page)).to_contain_text("33, 33")


@contextmanager
def answering(page: Page, upstream: Upstream, answer: str) -> Iterator[None]:
    """A wish whose answer does not end inside."""
    upstream.turns["edits"] = [f"{answer}\n\nAnd so it goes."]
    choose_model(page, "edits")
    with upstream.held("And so"):
        make_wish(page, "make it larger")
        expect(page.get_by_text("An answer is being written.")).to_be_visible()
        yield


def save_now(page: Page, number: int) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Saved as version {number}.")).to_be_attached()


def test_two_tabs_do_not_overwrite_each_other(workbench: Page) -> None:
    page = workbench
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("tab", name="Code").click()
    expect(editor(other)).to_have_attribute("contenteditable", "true")
    type_at_end(page, "<!-- here -->")
    expect_unsaved(page, 1)
    type_at_end(other, "<!-- there -->")
    expect(other.get_by_text("made in another tab")).to_be_visible()
    other.get_by_role("button", name="Keep mine").click()
    expect_unsaved(other, 1)
    type_at_end(page, "<!-- again -->")
    page.get_by_role("button", name="Take the others").click()
    expect(editor(page)).to_contain_text("<!-- there -->")
    expect(editor(page)).not_to_contain_text("<!-- here -->")
