"""Level 3: all artifacts on one spare port, where an operator has no wildcard name. Each still has an opaque origin."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.publishing import document, publish_files
from tests.e2e.stack import Stack, start_stack
from tests.e2e.workbench import make_wish, preview, wait_for_version
from tests.environment import free_port

PAGE = """<link rel="stylesheet" href="look/style.css">
<p id="said">…</p>
<script>
  localStorage.visits = Number(localStorage.visits ?? 0) + 1;
  said.textContent = `visit ${localStorage.visits} from ${origin}`;
  fetch("data.json").then((answer) => answer.json()).then(({ text }) => document.body.append(text));
</script>"""
FILES = {
    "index.html": document(PAGE),
    "look/style.css": "#said { color: rgb(1, 2, 3) }",
    "data.json": '{"text": "own data"}',
}


@pytest.fixture(scope="module")
def spare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {
        "PLAYGROUND_ARTIFACT_WILDCARD": "false",
        "PLAYGROUND_ARTIFACT_HOST": f"localhost:{free_port()}",
        "PLAYGROUND_REEL_SPEED": "0",
    }
    running = start_stack(tmp_path_factory.mktemp("spare"), **settings)
    yield running
    running.stop()


def test_a_published_page_runs_and_keeps_its_storage(page: Page, spare: Stack) -> None:
    first = publish_files(page, spare, "One", FILES)
    second = publish_files(page, spare, "Two", FILES)
    for url, visit in ((first, 1), (first, 2), (second, 1)):
        page.goto(url)
        said = page.frame_locator("iframe").locator("#said")
        expect(said).to_have_text(f"visit {visit} from null")
        expect(said).to_have_css("color", "rgb(1, 2, 3)")
        expect(page.frame_locator("iframe").get_by_text("own data")).to_be_visible()
        page.wait_for_timeout(500)  # until the page's storage has gone to its keeper


def test_a_wish_comes_alive(page: Page, spare: Stack) -> None:
    page.goto(f"{spare.url}/new")
    make_wish(page, "a countdown")
    wait_for_version(page)
    frame = page.locator("section iframe").element_handle()
    assert frame
    assert f"//{spare.settings['PLAYGROUND_ARTIFACT_HOST']}/" in (frame.get_attribute("src") or "")
    expect(preview(page).locator("body")).not_to_be_empty()


def test_neither_side_answers_for_the_other(page: Page, spare: Stack) -> None:
    url = publish_files(page, spare, "One", FILES)
    artifacts = f"http://{spare.settings['PLAYGROUND_ARTIFACT_HOST']}"
    for path in ("/", "/api/models", "/accounts/login/", "/static/x"):
        assert page.request.get(f"{artifacts}{path}").status == 404
    identity = url.rpartition("/")[2]
    assert page.request.get(f"{artifacts}/{identity}/v/1/look/style.css").ok
    assert page.request.get(f"{spare.url}/{identity}/v/1/look/style.css").status == 404
