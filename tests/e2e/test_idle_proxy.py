"""A proxy that closes what is silent, scaled to a tenth, and a model that is silent for longer: the answer and its live
page come whole, whichever way they travel.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.behaviours import PAGE, REST
from tests.e2e.proxy import Habits, Proxy
from tests.e2e.stack import Stack, start_stack
from tests.e2e.workbench import make_wish, open_code, preview, wait_for_version
from tests.upstream import Upstream

IDLE = 6.0  # seconds, for 60
HEARTBEAT = 2  # seconds, for 20
assert IDLE < REST


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with Proxy.in_thread() as running:
        yield running


@pytest.fixture(scope="module")
def behind(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Upstream.in_thread() as model:
        stack = start_stack(
            tmp_path_factory.mktemp("behind"),
            PLAYGROUND_URL=f"http://localhost:{proxy.port}",
            PLAYGROUND_ARTIFACT_HOST=f"localhost:{proxy.port}",
            PLAYGROUND_HEARTBEAT=str(HEARTBEAT),
            OPENAI_BASE_URL=model.base_url,
            OPENAI_API_KEY="sk-test",
            OPENAI_MODEL="rests",
        )
        proxy.target = int(stack.settings["PORT"])
        yield stack
        stack.stop()


def make_wish_behind(page: Page, proxy: Proxy, habits: Habits) -> None:
    proxy.behave(habits)
    page.goto(f"http://localhost:{proxy.port}/new")
    make_wish(page, "a ball that swings")


def test_the_live_page_goes_on(page: Page, proxy: Proxy, behind: Stack) -> None:
    make_wish_behind(page, proxy, Habits(idle=IDLE))
    canvas = preview(page).locator("canvas")
    expect(canvas).to_be_visible(timeout=30_000)
    wait_for_version(page)
    assert proxy.cut.total() == 0
    assert proxy.opened["/ws"] == 1
    # Its script came after the silence and draws, for the page was loaded again.
    assert [count for path, count in proxy.opened.items() if path.startswith("/s/")] == [2]
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, 200, 200).data.some(value => value > 0)"
    page.wait_for_timeout(500)
    assert canvas.evaluate(drawn)
    assert open_code(page) == PAGE.rstrip("\n")


@pytest.mark.soak
@pytest.mark.parametrize("buffers", [False, True])
def test_without_websockets(page: Page, proxy: Proxy, behind: Stack, buffers: bool) -> None:
    """As a stream, and fetched in pieces."""
    make_wish_behind(page, proxy, Habits(refuses_upgrades=True, buffers=buffers, idle=IDLE))
    wait_for_version(page)
    assert proxy.cut["/api/events"] == 0
    assert open_code(page) == PAGE.rstrip("\n")
