"""What a person sees when the model server misbehaves: what happened, a way on, and what was received."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.behaviours import ANSWER, PAGE
from tests.e2e.stack import Stack
from tests.e2e.workbench import choose_model, make_wish, open_code, preview, status, wait_for_version
from tests.upstream import Upstream


@pytest.fixture
def workbench(page: Page, lab: Stack) -> Page:
    page.goto(f"{lab.url}/new")
    return page


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("unauthorized", "does not accept the API key"),
        ("no-such-model", "does not know this model"),
        ("server-error", "The model server failed"),
        ("context-overflow", "too long for this model"),
        ("html-200", "does not lead to a model server"),
        ("garbage-sse", "something unreadable"),
        ("error-in-stream", "CUDA out of memory"),
    ],
)
def test_a_failure_is_explained_and_can_be_retried(workbench: Page, model: str, sentence: str) -> None:
    choose_model(workbench, model)
    make_wish(workbench, "a page")
    expect(workbench.get_by_role("alert")).to_contain_text(sentence)
    expect(workbench.get_by_role("alert")).not_to_contain_text("sk-secret-key")
    choose_model(workbench, "good")
    workbench.get_by_role("button", name="Try again").click()
    expect(workbench.get_by_text("2 of 2")).to_be_visible()
    wait_for_version(workbench)


def test_the_environments_model_is_the_default(workbench: Page) -> None:
    expect(workbench.get_by_role("button", name="Model: no-done")).to_be_visible()
    expect(workbench.get_by_text("No model is running.")).to_have_count(0)
    make_wish(workbench, "a ball")
    wait_for_version(workbench)


def test_a_busy_server_says_when_to_come_back(workbench: Page) -> None:
    choose_model(workbench, "rate-limited")
    make_wish(workbench, "a page")
    expect(workbench.get_by_role("button", name=re.compile(r"Try again in \d s"))).to_be_disabled()
    expect(workbench.get_by_role("button", name="Try again", exact=True)).to_be_enabled(timeout=12_000)


def test_what_came_before_a_cut_is_kept(workbench: Page) -> None:
    choose_model(workbench, "cut-middle")
    make_wish(workbench, "a page")
    expect(workbench.get_by_role("alert")).to_contain_text("broke off")
    expect(workbench.get_by_role("button", name="index.html")).to_contain_text("unfinished")
    assert open_code(workbench) in ANSWER


def test_waiting_for_the_model_is_a_state_and_can_be_stopped(workbench: Page) -> None:
    choose_model(workbench, "stall-first")
    make_wish(workbench, "a page")
    expect(status(workbench)).to_contain_text("Waiting for the model")
    expect(status(workbench)).to_contain_text("may take minutes", timeout=15_000)
    workbench.get_by_role("button", name="Stop").click()
    expect(workbench.get_by_text("Stopped.").first).to_be_visible(timeout=2000)


def test_another_model_that_answered_is_named(workbench: Page) -> None:
    choose_model(workbench, "other-model")
    make_wish(workbench, "a page")
    expect(workbench.get_by_text("answered with something-else-7b")).to_be_visible()


def test_a_cut_at_the_limit_is_said(workbench: Page) -> None:
    choose_model(workbench, "finish-length")
    make_wish(workbench, "a page")
    expect(workbench.get_by_text("cut at the output limit")).to_be_visible()


def test_four_megabytes_at_once_do_not_break_the_page(workbench: Page) -> None:
    choose_model(workbench, "huge-chunk")
    make_wish(workbench, "a page")
    wait_for_version(workbench)
    workbench.get_by_role("textbox", name="Your wish").fill("still alive")


def test_a_good_answer_runs_and_its_source_is_what_the_model_wrote(workbench: Page) -> None:
    choose_model(workbench, "good")
    make_wish(workbench, "a ball")
    expect(preview(workbench).locator("canvas")).to_be_visible()
    wait_for_version(workbench)
    assert open_code(workbench) == PAGE.rstrip("\n")


def test_offline_is_said_and_the_wish_kept(workbench: Page) -> None:
    choose_model(workbench, "good")
    workbench.context.set_offline(True)
    make_wish(workbench, "a page about rain")
    expect(workbench.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(workbench.get_by_role("textbox", name="Your wish")).to_have_value("a page about rain")
    workbench.context.set_offline(False)
    workbench.get_by_role("button", name="Send").click()
    wait_for_version(workbench)


def test_an_image_goes_to_a_model_that_sees(workbench: Page, upstream: Upstream) -> None:
    choose_model(workbench, "good")
    give_image(workbench.get_by_role("textbox", name="Your wish"), "ClipboardEvent", "paste", "clipboardData")
    expect(workbench.get_by_role("button", name="Remove this image")).to_be_visible()
    make_wish(workbench, "like this picture")
    wait_for_version(workbench)
    content = upstream.requests[-1].body["messages"][-1]["content"]
    assert content[0]["image_url"]["url"].startswith("data:image/png;base64,")
    workbench.reload()
    picture = workbench.locator("article img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_an_image_may_fall_anywhere_and_stays_with_an_edited_wish(workbench: Page, upstream: Upstream) -> None:
    choose_model(workbench, "good")
    give_image(workbench.get_by_role("heading", level=1), "DragEvent", "drop", "dataTransfer")
    expect(workbench.get_by_role("button", name="Remove this image")).to_be_visible()
    make_wish(workbench, "like this picture")
    wait_for_version(workbench)
    workbench.get_by_role("button", name="Edit the wish").click()
    expect(workbench.get_by_role("button", name="Remove this image")).to_be_visible()
    make_wish(workbench, "quite like this picture")
    wait_for_version(workbench, 2)
    image, text = upstream.requests[-1].body["messages"][-1]["content"]
    assert image["image_url"]["url"].startswith("data:image/png;base64,")
    assert text["text"] == "quite like this picture"


def give_image(target: Locator, kind: str, event: str, carrier: str) -> None:
    """Paste or drop a small picture."""
    target.evaluate(
        """async (target, [kind, event, carrier]) => {
            const canvas = document.createElement("canvas");
            canvas.getContext("2d").fillRect(0, 0, 10, 10);
            const blob = await new Promise((resolve) => canvas.toBlob(resolve));
            const data = new DataTransfer();
            data.items.add(new File([blob], "a.png", { type: "image/png" }));
            const options = { [carrier]: data, bubbles: true, cancelable: true };
            target.dispatchEvent(new window[kind](event, options));
        }""",
        [kind, event, carrier],
    )
