from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Frame, Page

from tests.e2e.prelude.site import Site, serve


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Artifacts may fail as they like here."""
    page = context.new_page()
    yield page
    page.close()


class Artifact:
    """An artifact in its frame, and what it said to the app."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site

    def open(self, html: str, **introduction: object) -> "Artifact":
        self.site.files["index.html"] = html
        self.page.goto(self.site.app)
        return self.mount(**introduction)

    def mount(self, **introduction: object) -> "Artifact":
        self.page.evaluate("([url, given]) => mount(url, given)", [self.site.page, introduction])
        self.wait("document.readyState === 'complete' && location.href.includes('/v/1/')")
        return self

    @property
    def frame(self) -> Frame:
        frame = self.page.frame(url=lambda url: "x.localhost" in url)
        assert frame is not None
        return frame

    def run(self, script: str) -> Any:
        """The value of an async expression in the frame."""
        return self.frame.evaluate(script)

    def wait(self, condition: str) -> None:
        self.page.wait_for_function("() => frame?.contentWindow")
        for _ in range(100):
            frame = self.page.frame(url=lambda url: "x.localhost" in url)
            with suppress(Error):  # the frame is on its way to another document
                if frame and frame.evaluate(f"() => Boolean({condition})"):
                    return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came true in the frame: {condition}")

    def messages(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(
            "(kind) => messages.filter((message) => message.type === kind)", kind
        )
        return found

    def message(self, kind: str, test: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The first message of the kind that passes the test, once it is there."""
        for _ in range(100):
            if found := next(filter(test, self.messages(kind)), None):
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no such {kind} among {self.messages(kind)}")


@pytest.fixture
def artifact(page: Page, site: Site) -> Artifact:
    return Artifact(page, site)
