"""Model-written pages run with the network cut: every library and every address form from the shelf alone."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, TimeoutError

from playground.launcher.registry import ask_npm, read_registry
from tests.e2e.library_pages import PAGES
from tests.e2e.publishing import document, publish_files
from tests.e2e.stack import NOBODYS, Stack, clean_environment, environment_of, manage, prepare_data, start_stack

SECONDS = 25
TRIES = 3


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A playground that has its starter shelf, and no registry any more."""
    data = tmp_path_factory.mktemp("shelf")
    environment = clean_environment()
    registry = read_registry(environment, ask_npm(environment)) or "https://registry.npmjs.org"
    prepare_data(data)
    said = manage(environment_of(data, PLAYGROUND_NPM_REGISTRY=registry, REDIS_URL=NOBODYS), "load_shelf")
    if "cannot be reached" in said:
        pytest.skip("no package registry to fill the shelf from")
    running = start_stack(data)
    yield running
    running.stop()


@pytest.fixture
def strangers(page: Page) -> list[str]:
    """Addresses outside this machine that the browser asked for."""
    asked: list[str] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and not re.fullmatch(r"(?:.*\.)?localhost", parts.hostname or ""):
            asked.append(request.url)

    page.on("request", note)
    return asked


def comes_true(page: Page, condition: str) -> bool:
    page.frame_locator("iframe").locator("body").wait_for(state="attached", timeout=20_000)
    running = next(frame for frame in page.frames if "/v/1/" in frame.url)
    check = f"() => {{ try {{ return {condition} }} catch {{ return false }} }}"
    try:
        running.wait_for_function(check, timeout=SECONDS * 1000)
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_from_the_shelf(page: Page, offline: Stack, strangers: list[str], name: str) -> None:
    content, is_true = PAGES[name]
    files = {"index.html": document(content)} if isinstance(content, str) else content
    page.goto(publish_files(page, offline, name, files))
    for _ in range(TRIES - 1):
        if comes_true(page, is_true):
            break
        page.reload()  # as the shelf says where a build takes longer than a request waits
    else:
        assert comes_true(page, is_true)
    assert strangers == []
