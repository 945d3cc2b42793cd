from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Playwright
from playwright.sync_api import Error as BrowserError

from tests.e2e.attacks.api import Api, serve_api
from tests.e2e.attacks.deployment import SECRET, Deployment, Shown, Strong
from tests.e2e.attacks.evil import Evil, serve_evil
from tests.e2e.attacks.weak import Weak, serve_weak
from tests.e2e.conftest import FLAGS, find_browser
from tests.e2e.stack import start_stack

# With everything granted that a person could grant, and devices that are there.
PERMISSIONS = ["geolocation", "camera", "microphone", "clipboard-read", "clipboard-write", "notifications", "midi"]
DEVICES = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
]


@pytest.fixture(scope="session")
def public_api() -> Iterator[Api]:
    with serve_api() as server:
        yield server


@pytest.fixture
def small_browser(playwright: Playwright) -> Iterator[Browser]:
    """In which memory hogs meet their end soon; of its own, for they may take it along."""
    flags = [*FLAGS, "--js-flags=--max-old-space-size=256"]
    browser = playwright.chromium.launch(args=flags, executable_path=find_browser())
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def evil() -> Iterator[Evil]:
    with serve_evil() as server:
        yield server


@pytest.fixture(scope="session")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weak]:
    with serve_weak(tmp_path_factory.mktemp("weak")) as server:
        yield server


@pytest.fixture(scope="session")
def strong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strong]:
    stack = start_stack(tmp_path_factory.mktemp("strong"))
    yield Strong(stack)
    stack.stop()


class Visitor:
    """Somebody who looks at an attacking page, signed in to the app, and agrees to everything."""

    def __init__(self, browser: Browser, deployment: Deployment) -> None:
        self.deployment = deployment
        self.context: BrowserContext = browser.new_context(
            geolocation={"latitude": 52, "longitude": 13}, viewport={"width": 1300, "height": 850}
        )
        self.context.set_default_timeout(15_000)
        self.context.grant_permissions(PERMISSIONS, origin=deployment.app)
        if isinstance(deployment, Strong):
            cookie = {
                "name": f"sessionid-{deployment.app.rpartition(':')[2]}",
                "value": deployment.session,
                "url": deployment.app,
            }
            self.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])  # type: ignore[typeddict-item]
        page = self.context.new_page()
        page.goto(f"{deployment.app}/app/0" if isinstance(deployment, Weak) else deployment.app)
        page.evaluate(f"localStorage.secret = sessionStorage.secret = '{SECRET}'; indexedDB.open('{SECRET}')")
        page.close()

    def look(self, page: Page, files: dict[str, str]) -> Frame:
        return self.visit(page, self.deployment.show(files))

    def visit(self, page: Page, shown: Shown) -> Frame:
        page.goto(shown.page)
        return self.frame(page, shown)

    def frame(self, page: Page, shown: Shown) -> Frame:
        """The artifact's frame, once it runs."""
        for _ in range(150):
            for frame in page.frames:
                if frame.url.startswith(shown.frame) and _is_there(frame):
                    return frame
            page.wait_for_timeout(100)
        raise AssertionError(f"no frame {shown.frame} among {[frame.url for frame in page.frames]}")


def note[Seen](into: list[Seen]) -> Callable[[Seen], None]:
    """A listener that keeps what it is told."""

    def keep(seen: Seen) -> None:
        into.append(seen)

    return keep


def _is_there(frame: Frame) -> bool:
    try:
        return bool(frame.evaluate("document.readyState === 'complete' && document.title"))
    except BrowserError:  # gone meanwhile
        return False


class Victims:
    """Visitors by the name of the deployment, in one browser. An attack may end it: the next one finds another."""

    def __init__(self, launch: Callable[[], Browser], deployments: Mapping[str, Deployment]) -> None:
        self._launch = launch
        self._deployments = deployments
        self._visitors: dict[str, Visitor] = {}
        self.browser = launch()

    def __getitem__(self, name: str) -> Visitor:
        if not self.browser.is_connected():
            self.browser = self._launch()
            self._visitors.clear()
        if name not in self._visitors:
            self._visitors[name] = Visitor(self.browser, self._deployments[name])
        return self._visitors[name]


@pytest.fixture(scope="session")
def victims(playwright: Playwright, public_api: Api, weak: Weak, strong: Strong) -> Iterator[Victims]:
    flags = [flag for flag in FLAGS if flag != "--disable-quic"]
    flags += [f"--host-resolver-rules=MAP *.example.com 127.0.0.1:{public_api.port}", "--ignore-certificate-errors"]

    def launch() -> Browser:
        return playwright.chromium.launch(args=[*flags, *DEVICES], executable_path=find_browser())

    both = Victims(launch, {"weak": weak, "strong": strong})
    yield both
    both.browser.close()
