"""Asking for a change gets just that change; what is cut goes on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.behaviours import PAGE
from tests.e2e.stack import Stack
from tests.e2e.workbench import choose_model, make_wish, open_code, preview, wait_for_version
from tests.upstream import Upstream

SIZE = "20, 20);"


@pytest.fixture
def workbench(page: Page, lab: Stack) -> Page:
    page.goto(f"{lab.url}/new")
    choose_model(page, "good")
    make_wish(page, "a ball that swings")
    wait_for_version(page)
    return page


def edit(search: str, replace: str) -> str:
    return f"```html index.html\n<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n```\n"


def ask(page: Page, upstream: Upstream, *answers: str) -> None:
    upstream.turns["edits"] = list(answers)
    choose_model(page, "edits")
    make_wish(page, "make it larger")


def test_a_change_is_an_edit_and_the_page_is_swapped(workbench: Page, upstream: Upstream) -> None:
    line = next(line for line in PAGE.splitlines() if SIZE in line)
    ask(workbench, upstream, "Larger now.\n\n" + edit(line, line.replace(SIZE, "40, 40);")))
    expect(preview(workbench).locator("canvas")).to_be_visible()  # the page before stays until the new one is there
    wait_for_version(workbench, 2)
    expect(workbench.get_by_role("button", name="index.html").last).to_contain_text("1 edit")
    expect(workbench.locator("section iframe")).to_have_count(1)
    expect(workbench.locator("section iframe")).to_have_attribute("src", re.compile(r"/v/2/"))
    assert open_code(workbench) == PAGE.replace(SIZE, "40, 40);").rstrip("\n")


def test_an_edit_that_finds_no_place_is_asked_for_again(workbench: Page, upstream: Upstream) -> None:
    better = edit("<body>", '<body class="better">')
    ask(workbench, upstream, edit("<body class=“none”>", "<body>"), better)
    expect(workbench.get_by_text("some edits found no place and were asked for again")).to_be_visible()
    wait_for_version(workbench, 2)
    assert '<body class="better">' in open_code(workbench)


def test_an_answer_that_is_cut_goes_on_as_one(page: Page, lab: Stack) -> None:
    page.goto(f"{lab.url}/new")
    choose_model(page, "cut-at-limit")
    make_wish(page, "a ball that swings")
    wait_for_version(page)
    expect(page.get_by_text("cut here, and continued").first).to_be_visible()
    assert open_code(page) == PAGE.rstrip("\n")


def test_a_person_can_go_on_with_an_answer(page: Page, lab: Stack) -> None:
    page.goto(f"{lab.url}/new")
    choose_model(page, "cut-middle")
    make_wish(page, "a ball that swings")
    expect(page.get_by_role("alert")).to_contain_text("broke off", timeout=30_000)
    choose_model(page, "cut-at-limit")
    page.get_by_role("button", name="Continue", exact=True).click()
    wait_for_version(page)
    expect(page.get_by_text("2 of 2")).to_be_visible()
    assert open_code(page) == PAGE.rstrip("\n")


def test_a_style_sheet_that_the_model_gave_apart_is_joined(page: Page, lab: Stack, upstream: Upstream) -> None:
    bare = PAGE.replace("<style>canvas { background: #eee }</style>", "")
    sheet = "canvas { background: rgb(1, 2, 3) }\n"
    upstream.turns["edits"] = [f"```html index.html\n{bare}```\n\n```css style.css\n{sheet}```\n"]
    page.goto(f"{lab.url}/new")
    choose_model(page, "edits")
    make_wish(page, "a ball that swings")
    wait_for_version(page)
    expect(page.locator("section iframe")).to_have_count(1)
    expect(preview(page).locator("canvas")).to_have_css("background-color", "rgb(1, 2, 3)")
    assert '<link rel="stylesheet" href="style.css">' in open_code(page)
