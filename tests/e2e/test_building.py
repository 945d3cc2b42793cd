"""Builds on the page: from a wish to a verified version, and what a person may do on the way."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.game_builder import ITEMS, start_builder_stack
from tests.e2e.stack import Stack
from tests.e2e.test_people import check_accessibility
from tests.e2e.workbench import choose_model, make_wish, preview

STOP = """async (id) => {
  const { runs } = await (await fetch(`/api/conversations/${id}`)).json();
  const token = /csrftoken=([^;]*)/.exec(document.cookie)[1];
  await fetch(`/api/runs/${runs.at(-1).id}/cancel`, { method: "POST", headers: { "X-CSRFToken": token } });
}"""
LOOK_AWAY = """() => {
  Object.defineProperty(document, "hidden", { get: () => true });
  window.shown = [];
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      this.addEventListener("show", () => shown.push([title, options.body]));
    }
  };
}"""
LONG = 120_000  # milliseconds: two looks of a real browser are among them


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with start_builder_stack(tmp_path_factory.mktemp("building"), at_once=2) as running:
        yield running


def test_from_a_wish_to_a_verified_version(stack: Stack, page: Page, browser: Browser) -> None:
    page.goto(f"{stack.url}/new")
    build_switch(page).click()
    page.get_by_role("button", name="Settings of the build").click()
    expect(page.get_by_role("radio", name=re.compile("^Qwen Code"))).to_be_visible()
    page.get_by_label("Review the checklist first").check()
    page.keyboard.press("Escape")
    make_wish(page, "A moon that turns round, delay=0.4")
    edit_the_checklist(page)

    expect(timeline(page)).to_contain_text("Wrote index.html", timeout=LONG)
    expect(page.get_by_role("textbox", name="Your wish")).to_have_attribute("placeholder", "Tell the builder …")
    page.reload()  # in the middle
    expect(timeline(page)).to_contain_text("Wrote index.html")
    second = page.context.new_page()
    second.goto(page.url)
    viewer = open_as_viewer(page, browser)

    expect(timeline(page).get_by_text("Usable", exact=True)).to_be_visible(timeout=LONG)
    expect(timeline(page)).to_contain_text("“Responds to input” fails: mending, round 1 of 3")
    expect(page.get_by_role("button", name="Version 1", exact=True)).to_be_visible(timeout=LONG)
    end = page.get_by_role("region", name="Built", exact=True)
    expect(end).to_contain_text("Works well")
    expect(end).to_contain_text("Any key, or the button: turn round")
    told = rows(page)
    assert "Edited game.js" in " ".join(told)
    for other in (second, viewer):
        expect(other.get_by_role("button", name="Version 1", exact=True)).to_be_visible()
        assert rows(other) == told
    expect(viewer.get_by_role("button", name=re.compile("^What to do with step 2"))).to_be_visible()
    viewer.get_by_role("button", name=re.compile("^What to do with step 2")).click()
    expect(viewer.get_by_role("button", name="Show its changes")).to_be_visible()
    expect(viewer.get_by_role("button", name="Fork from here …")).to_have_count(0)
    viewer.context.close()
    second.close()

    item = page.get_by_role("listitem").filter(has_text=ITEMS[1]).first
    expect(item.get_by_role("button", name="game.js was written in step 4")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="There are stars")).to_contain_text("not shown")
    preview(page).get_by_role("button", name="Turn round").click()
    expect(preview(page).get_by_text("1 turns")).to_be_visible()
    look_at_steps_and_film(page)
    check_accessibility(page)


def edit_the_checklist(page: Page) -> None:
    """By keyboard alone: one more, first, and one less."""
    dialog = page.get_by_role("dialog", name="Checklist")
    expect(dialog.get_by_role("textbox", name="Item 1")).to_have_value(ITEMS[0])
    expect(dialog.get_by_role("textbox", name="Item 1")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("There are stars")
    page.keyboard.press("Alt+ArrowUp")
    expect(dialog.get_by_role("textbox", name="Item 1")).to_have_value("There are stars")
    dialog.get_by_role("button", name="Delete item 4").click()
    expect(dialog.get_by_role("textbox")).to_have_count(3)
    dialog.get_by_role("button", name="Start the build").click()
    expect(dialog).to_have_count(0)


def look_at_steps_and_film(page: Page) -> None:
    page.get_by_role("button", name="What to do with step 9", exact=True).click()
    page.get_by_role("button", name="Show its changes").click()
    expect(page.get_by_role("combobox", name="Step")).to_have_value("9")
    expect(page.locator("#stage-steps .cm-deletedChunk")).to_contain_text("keypressed")
    page.get_by_role("button", name="Previous step").click()
    expect(page.get_by_text("This step has changed no file.")).to_be_visible()
    film = page.get_by_role("region", name="Looks at the page")
    expect(film.get_by_role("listitem")).to_have_count(2)
    film.get_by_role("button", name="Step 8: Usable").click()
    dialog = page.get_by_role("dialog", name="Step 8: Usable")
    expect(dialog.get_by_text("Responds to input")).to_be_visible()
    expect(dialog.get_by_role("img", name="after 2 s")).to_be_visible()
    page.keyboard.press("Escape")


def test_told_stopped_and_forked(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.url}/new")
    build_switch(page).click()
    make_wish(page, "Many files, slow delay=1.2")
    expect(timeline(page)).to_contain_text("Wrote game.js", timeout=LONG)
    field = page.get_by_role("textbox", name="Your wish")
    field.fill("Paint the moon blue")
    page.get_by_role("button", name="Tell", exact=True).click()
    expect(field).to_have_value("")
    expect(timeline(page)).to_contain_text("Paint the moon blue")
    expect(timeline(page)).to_contain_text("Told the builder", timeout=LONG)
    expect(timeline(page).get_by_text("Will be told before its next answer")).to_have_count(0)
    check_accessibility(page)

    page.keyboard.press("Escape")  # stops an answer, but no build
    page.get_by_role("tab", name="Steps").click()
    expect(page.locator("#stage-steps .cm-content")).to_contain_text("// more", timeout=LONG)
    page.context.grant_permissions(["notifications"])
    bell = page.get_by_role("button", name="Tell me when it is over")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=re.compile("^Budget: ")).click()
    expect(page.get_by_text("Model calls")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ways to stop").click()
    page.get_by_role("button", name=re.compile("^Stop and keep the best")).click()
    expect(page.get_by_role("region", name="Built in part")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Version 1", exact=True)).to_be_visible()

    page.get_by_role("button", name="What to do with step 2", exact=True).click()
    page.get_by_role("button", name="Fork from here …").click()
    dialog = page.get_by_role("dialog", name="Fork from step 2")
    dialog.get_by_label("What to do from there").fill("Another way, slow delay=1.2")
    dialog.get_by_role("button", name="Fork", exact=True).click()
    expect(timeline(page)).to_contain_text("Goes on from step 2 of another build")
    expect(page.get_by_text("2 of 2")).to_be_visible()

    leave_and_be_told(page)


def leave_and_be_told(page: Page) -> None:
    """A build that ends while its reader looks elsewhere."""
    here = page.url
    page.get_by_role("button", name="New wish").click()
    page.evaluate(LOOK_AWAY)
    page.evaluate(STOP, here.rsplit("/", 1)[1])
    toast = page.get_by_text("Your build was stopped")
    expect(toast).to_be_visible(timeout=30_000)
    page.wait_for_function("shown.length")
    assert page.evaluate("shown") == [["Your build was stopped", "Another way, slow delay=1.2"]]
    expect(page.get_by_role("navigation")).to_contain_text("a build is over")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(toast).to_have_count(0)
    expect(page).to_have_url(here)
    expect(page.get_by_role("region", name="Stopped")).to_be_visible()
    expect(page.get_by_role("navigation")).not_to_contain_text("a build is over")


def test_the_reel_cannot_build(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.url}/new")
    choose_model(page, "Demo reel")
    build_switch(page).click()
    make_wish(page, "Anything")
    expect(page.get_by_role("alert")).to_contain_text("Choose a model that runs, such as builder")
    expect(page.get_by_role("textbox", name="Your wish")).to_have_value("Anything")
    page.reload()
    expect(build_switch(page)).to_be_checked()
    build_switch(page).press("Space")
    expect(build_switch(page)).not_to_be_checked()


# -----------------------------------------------------------------------------------------------------


def build_switch(page: Page) -> Locator:
    return page.get_by_role("switch", name="Build", exact=True)


def timeline(page: Page) -> Locator:
    return page.get_by_role("list", name="Steps of the build").last


def rows(page: Page) -> list[str]:
    """Without the times, which each tab counts in its own way while a step runs."""
    lines = timeline(page).locator(".what, .words, q").all_inner_texts()
    return [" ".join(line.split()) for line in lines]


def open_as_viewer(page: Page, browser: Browser) -> Page:
    page.get_by_role("button", name="Watch together").click()
    page.get_by_role("switch", name="Link to watch").check()
    address = page.get_by_role("textbox", name=re.compile("^Address")).first.input_value()
    page.keyboard.press("Escape")
    viewer = browser.new_context(locale="en-US", viewport={"width": 390, "height": 844}).new_page()
    viewer.goto(address)
    expect(timeline(viewer)).to_contain_text("Wrote index.html")
    expect(viewer.get_by_role("button", name="Ways to stop")).to_have_count(0)
    expect(viewer.get_by_role("textbox", name="Your wish")).to_have_count(0)
    assert viewer.evaluate("document.documentElement.scrollWidth") == 390
    return viewer
