"""The page as the app shows it: in its frame, with the host's own answers, and no network behind them."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Frame, Page, Request, Route

from agents.browser import scripts
from agents.browser.exhibit import Answer, Asked, Exhibit
from agents.browser.pictures import Picture, decode

PATIENCE = 10.0  # seconds without an answer after which a page hangs: on a busy machine a good page needs several
_OUTER = "/playground-check"
_LOOK_AGAIN = 0.03  # seconds
_QUIET = 3  # looks without an open request, after which nothing more is expected
_SETTLING = 8.0  # seconds at most until then
_WANTED = {"stylesheet": "style", "image": "image", "media": "video", "font": "font", "script": "script"}


class Hung(Exception):
    """The page does not answer."""


class Crashed(Exception):
    """The page's process is gone."""


@dataclass(slots=True)
class Heard:
    """What the page's first script has told, and what became of the frame."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    is_heard: bool = False
    reloads: int = 0
    left: str | None = None


@dataclass  # without slots: Playwright keeps its own on whose method handles a route
class Visit:
    exhibit: Exhibit
    context: BrowserContext
    page: Page
    status: int | None = None
    outside: list[str] = field(default_factory=list)  # addresses asked for that nobody here answers for
    heard: Heard = field(default_factory=Heard)
    has_crashed: bool = False
    _open: int = 0  # requests

    async def start(self) -> None:
        self.page.on("crash", lambda _page: setattr(self, "has_crashed", True))
        await self.context.route("**/*", self._serve)
        await self._answered(self.page.goto(f"{self.exhibit.app}{_OUTER}", wait_until="commit"))

    async def settle(self) -> None:
        """Until the page has loaded and has what it asks for."""
        deadline = asyncio.get_running_loop().time() + _SETTLING
        quiet = 0
        while quiet < _QUIET and asyncio.get_running_loop().time() < deadline:
            is_loaded = await self._answered(self.page.evaluate("heard.isLoaded"))
            quiet = quiet + 1 if is_loaded and not self._open else 0
            await asyncio.sleep(_LOOK_AGAIN)

    async def close(self) -> None:
        await self._answered(self.context.close())

    # ------------------------------------------------------------------------------------ looking at it

    @property
    def frame(self) -> Frame | None:
        return next((frame for frame in self.page.frames if frame.parent_frame == self.page.main_frame), None)

    async def look(self, style: str = "") -> Picture:
        return decode(await self._answered(self.page.screenshot(style=style or None, animations="allow")))

    async def ask(self, script: str) -> Any:
        """The answer of a function that runs in the page. None where there is no page."""
        frame = self.frame
        if frame is None or frame.url.startswith("chrome-error"):
            return None
        try:
            return await self._answered(frame.evaluate(script))
        except Error:  # it went to another document meanwhile
            return None

    async def listen(self) -> list[dict[str, Any]]:
        """What was told since the last time."""
        taken = await self._answered(self.page.evaluate("takeHeard()"))
        new: list[dict[str, Any]] = taken["messages"]
        self.heard.messages += new
        self.heard.is_heard = taken["isHeard"]
        self.heard.reloads = taken["reloads"]
        self.heard.left = taken["left"]
        return new

    async def _answered[Value](self, work: Any) -> Any:
        try:
            return await asyncio.wait_for(work, PATIENCE)
        except TimeoutError:
            raise Hung from None
        except Error:
            if self.has_crashed:
                raise Crashed from None
            raise

    # --------------------------------------------------------------------------------- answering for it

    async def _serve(self, route: Route) -> None:
        self._open += 1
        try:
            answer = await self._find(route.request)
            if answer is None:
                await route.abort("blockedbyclient")
            else:
                await route.fulfill(status=answer.status, headers=dict(answer.headers), body=answer.body)
        except Error:
            pass  # the page has gone on, or the browser is gone
        finally:
            self._open -= 1

    async def _find(self, request: Request) -> Answer | None:
        if request.url == f"{self.exhibit.app}{_OUTER}":
            return _outer(self.exhibit)
        if not self.exhibit.owns(request.url):
            self.outside.append(request.url)
            return None
        is_navigation = request.is_navigation_request()
        wanted_as = "iframe" if is_navigation else _WANTED.get(request.resource_type, "empty")
        asked = Asked(request.url, request.method, wanted_as, is_navigation, request.headers)
        answer = await self.exhibit.fetch(asked)
        if is_navigation and self.status is None:
            self.status = answer.status
        return answer


async def open_visit(
    exhibit: Exhibit, browser: Any, width: int, height: int, init: Sequence[str] = (), **options: Any
) -> Visit:
    viewport = {"width": width, "height": height}
    context: BrowserContext = await browser.new_context(viewport=viewport, locale="en-US", **options)
    for script in init:
        await context.add_init_script(script)
    return Visit(exhibit, context, await context.new_page())


def _outer(exhibit: Exhibit) -> Answer:
    parts = urlsplit(exhibit.url)
    own = exhibit.url[: exhibit.url.rindex("/") + 1]
    data = json.dumps({"url": exhibit.url, "own": own}).replace("<", "\\u003c")
    page = scripts.read("outer.html").replace("CHECK_DATA", data)
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": f"frame-src {parts.scheme}://{parts.netloc}; object-src 'none'",
    }
    return Answer(200, headers, page.encode())
