"""A long answer: what stands in the document stays there while more comes."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.stack import Stack
from tests.e2e.workbench import choose_model, make_wish, status
from tests.upstream import Upstream

PARTS = 40
MARK = "prose => { prose.firstElementChild.mark = 'here'; prose.children[2].mark = 'here, too' }"
MARKS = "prose => [prose.firstElementChild.mark, prose.children[2].mark]"


def test_what_stands_is_not_rendered_again(page: Page, lab: Stack, upstream: Upstream) -> None:
    part = "## Part {0}\n\nSome *words* about part {0}.\n\n- one\n- two\n\n"
    before = upstream.answers["good"]
    upstream.answers["good"] = "".join(part.format(number) for number in range(PARTS))
    try:
        page.goto(f"{lab.url}/new")
        choose_model(page, "good")
        make_wish(page, "a long tale")
        prose = page.locator("article .prose")
        expect(prose.locator("h2").nth(3)).to_be_visible()
        expect(status(page)).to_contain_text("Writing")
        prose.evaluate(MARK)
        expect(prose.locator("h2")).to_have_count(PARTS)
        expect(status(page)).not_to_contain_text(re.compile("Writing"))
    finally:
        upstream.answers["good"] = before
    assert prose.evaluate(MARKS) == ["here", "here, too"]
    assert prose.locator("ul").count() == PARTS
    assert prose.locator("p").last.inner_text() == f"Some words about part {PARTS - 1}."
