"""What the page does not do again and again while a long answer is written."""

import json
import re
import time

from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Stack
from tests.e2e.workbench import make_wish, status, unfinished_demo
from tests.upstream import Upstream

BEGUN, WRITTEN = "// Noise of several sizes", "// Stripes"  # of the solar system
TICK = 0.5  # seconds
COUNT = """(line) => {
  window.changes = 0;
  new MutationObserver((told) => (changes += told.length)).observe(line, { subtree: true, characterData: true });
}"""


def test_the_numbers_below_change_with_the_clock(page: Page, lab: Stack, upstream: Upstream) -> None:
    page.goto(f"{lab.url}/new")
    with unfinished_demo(upstream, "solar-system", BEGUN):
        make_wish(page, "solar system")
        page.get_by_role("button", name=re.compile("index.html")).click()
        expect(page.locator(".cm-scroller")).to_contain_text(BEGUN, timeout=60_000)
        begun = time.monotonic()
        status(page).evaluate(COUNT)
        upstream.delay, upstream.hold = 0.01, WRITTEN
        expect(page.locator(".cm-scroller")).to_contain_text(WRITTEN, timeout=60_000)
        changes = page.evaluate("changes")
        assert 0 < changes <= (time.monotonic() - begun) / TICK + 2


def test_what_stands_keeps_its_style_while_prose_grows(
    browser: Browser, page: Page, lab: Stack, upstream: Upstream
) -> None:
    upstream.turns["no-done"] = [
        "".join(f"## Part {part}\n\nIt is *long*, and has a `{part}`.\n\n" for part in range(99))
    ]
    prose = page.locator(".prose")
    page.goto(f"{lab.url}/new")
    with upstream.held("## Part 60"):
        make_wish(page, "a long story")
        expect(prose).to_contain_text("Part 60")
        standing = prose.locator("*").count()
        browser.start_tracing(page=page, categories=["devtools.timeline"])
        upstream.hold = "## Part 90"
        expect(prose).to_contain_text("Part 90")
        events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [event["args"]["elementCount"] for event in events if event["name"] == "UpdateLayoutTree"]
    assert len(styled) > 10
    assert max(styled) < standing / 2
