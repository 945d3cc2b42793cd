"""The window's meter, and long conversations that are condensed where everybody sees it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.stack import Stack
from tests.e2e.workbench import choose_model, make_wish, status
from tests.upstream import Upstream

LONG = "I remember it well. " * 170  # some 900 tokens


def test_a_full_window_is_shown_and_condensed(
    page: Page, lab: Stack, upstream: Upstream, screenshots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream, "delay", 0.001)  # the answers are long
    lab.manage(
        "shell",
        "-c",
        "from playground.gateway.models import Model\n"
        "Model.objects.filter(model_id='edits').update(context_window=4_600, output_limit=1_000)",
    )
    page.goto(f"{lab.url}/new")
    choose_model(page, "edits")
    answers = (f"# First\n\n{LONG}", f"# Second\n\n{LONG}", f"# Third\n\n{LONG}")
    for number, answer in enumerate(answers, 1):
        upstream.turns["edits"] = [answer]
        make_wish(page, f"wish number {number}")
        expect(page.locator("article")).to_have_count(number)
        expect(status(page)).to_contain_text("edits", timeout=60_000)
    meter = page.get_by_role("button", name="Context: about")
    meter.click()
    panel = page.locator(":popover-open")
    expect(panel).to_contain_text("Nearly full")
    expect(panel).to_contain_text("of 4.6K tokens")
    page.screenshot(path=screenshots / "context-meter.png")
    page.keyboard.press("Escape")

    upstream.turns["edits"] = ["- The person wants remembering.", "It is remembered."]
    make_wish(page, "and now?")
    expect(page.get_by_text("It is remembered.")).to_be_visible(timeout=60_000)
    note = page.get_by_text("The model reads the 2 exchanges above as a summary")
    expect(note).to_be_visible()
    expect(page.get_by_role("heading", name="wish number 1")).to_be_attached()  # nothing is lost
    assert "wish number 1" not in str(upstream.requests[-1].body["messages"])

    page.reload()
    note.click()
    expect(page.get_by_text("- The person wants remembering.")).to_be_visible()
    page.screenshot(path=screenshots / "context-condensed.png")
    page.get_by_role("button", name="Tell in full again").click()
    expect(note).to_have_count(0)
    meter.click()
    upstream.turns["edits"] = ["In a word: memory."]
    page.get_by_role("button", name="Condense earlier exchanges now").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("The model reads the 3 exchanges above as a summary")).to_be_visible()
