"""Any network: whatever a proxy does to connections, the answer comes whole, and the status line says how."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.nginx import needs_nginx, nginx
from tests.e2e.proxy import Habits, Proxy
from tests.e2e.stack import ROOT, Stack, start_stack
from tests.e2e.workbench import make_wish, open_code, preview, status, wait_for_version
from tests.environment import free_port

WISH = "fireworks"
WEBSOCKET, STREAM, POLL = None, "over plain HTTP", "fetched in pieces"
HEARTBEAT = 1  # seconds


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with Proxy.in_thread() as running:
        yield running


@pytest.fixture(scope="module")
def behind(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A playground that people reach through the proxy."""
    settings = {
        "PLAYGROUND_URL": f"http://localhost:{proxy.port}",
        "PLAYGROUND_ARTIFACT_HOST": f"localhost:{proxy.port}",
        "PLAYGROUND_HEARTBEAT": str(HEARTBEAT),
        "PLAYGROUND_REEL_SPEED": "1200",
    }
    stack = start_stack(tmp_path_factory.mktemp("behind"), **settings)
    proxy.target = int(stack.settings["PORT"])
    yield stack
    stack.stop()


def open_workbench(page: Page, proxy: Proxy, habits: Habits) -> None:
    proxy.behave(habits)
    page.goto(f"http://localhost:{proxy.port}/new")


def expect_way(page: Page, way: str | None) -> None:
    if way is None:
        expect(status(page).locator("span[title='Arrives over a websocket']")).to_be_visible()
        expect(status(page).get_by_role("button")).to_have_count(0)
    else:
        expect(status(page).get_by_role("button", name=f"How the answer arrives: {way}")).to_be_visible()


def log_of(page: Page) -> list[Any]:
    """The frames of the page's newest run, asked for until its end."""
    origin, conversation = re.findall(r"^(.*)/c/(\w+)", page.url)[0]
    run = page.request.get(f"{origin}/api/conversations/{conversation}").json()["runs"][-1]["id"]
    frames: list[Any] = []
    while not frames or frames[-1]["event"]["type"] != "run.finished":
        answer = page.request.get(
            f"{origin}/api/runs/{run}/events?after={len(frames)}", headers={"Accept": "application/json"}
        )
        frames += answer.json()["frames"]
    assert [frame["seq"] for frame in frames] == list(range(1, len(frames) + 1))
    return frames


def expect_whole(page: Page) -> None:
    """What the page shows is what the log tells, no word more or less."""
    wait_for_version(page)
    events = [frame["event"] for frame in log_of(page)]
    told = "".join(event["text"] for event in events if event["type"] == "file.delta")
    assert open_code(page) == told.rstrip("\n")
    prose = "".join(event["text"] for event in events if event["type"] == "text.delta")
    shown = page.locator("article .prose").all_inner_texts()
    assert words("".join(shown)) == words(prose)


def words(text: str) -> list[str]:
    """Without numbers: those of a list are no text of the page."""
    return re.findall(r"[^\W\d_]+", text)


def test_a_network_without_websockets_and_then_with_them(
    page: Page, proxy: Proxy, behind: Stack, screenshots: Path
) -> None:
    open_workbench(page, proxy, Habits(refuses_upgrades=True))
    make_wish(page, WISH)
    expect_way(page, STREAM)
    status(page).get_by_role("button").click()
    expect(page.get_by_text("This network lets no websockets through")).to_be_visible()
    page.screenshot(path=screenshots / "transport-stream.png")
    page.keyboard.press("Escape")
    expect_whole(page)
    assert proxy.opened["/api/events"] == 1
    page.get_by_role("tab", name="Preview").click()
    proxy.behave(Habits(refuses_upgrades=True))
    page.reload()
    make_wish(page, WISH)
    expect_way(page, STREAM)
    assert proxy.opened["/ws"] == 0  # it knows already
    proxy.behave(Habits())
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_way(page, WEBSOCKET)
    expect(page.get_by_role("button", name="Version 2", exact=True)).to_be_visible(timeout=60_000)
    assert proxy.opened["/ws"] == 1


def test_a_network_that_holds_streams_back(page: Page, proxy: Proxy, behind: Stack, screenshots: Path) -> None:
    open_workbench(page, proxy, Habits(refuses_upgrades=True, buffers=True))
    make_wish(page, WISH)
    expect_way(page, POLL)
    status(page).get_by_role("button").click()
    expect(page.get_by_text("This network holds streams back")).to_be_visible()
    page.screenshot(path=screenshots / "transport-poll.png")
    expect_whole(page)


def test_a_network_that_cuts_what_is_idle(page: Page, proxy: Proxy, behind: Stack) -> None:
    open_workbench(page, proxy, Habits(idle=2 * HEARTBEAT))
    make_wish(page, WISH)
    expect_way(page, WEBSOCKET)
    expect_whole(page)
    page.wait_for_timeout(4 * HEARTBEAT * 1000)  # in which only the heart beats
    assert proxy.opened["/ws"] == 1
    assert proxy.cut["/ws"] == 0
    assert proxy.opened["/api/events"] == 0


@pytest.mark.parametrize("refuses_upgrades", [False, True])
def test_a_network_that_drops_connections(page: Page, proxy: Proxy, behind: Stack, refuses_upgrades: bool) -> None:
    open_workbench(page, proxy, Habits(refuses_upgrades=refuses_upgrades, drops_within=1.5))
    make_wish(page, WISH)
    expect_whole(page)
    assert sum(proxy.cut.values()) >= 3


# --------------------------------------------------------------------------------------------- nginx

_BARE = "server {{ listen {port}; location / {{ proxy_pass http://127.0.0.1:{target}; }} }}"


def documented_site(port: int, target: int) -> str:
    """The configuration of docs/operations.md, on this port and without certificates."""
    text = (ROOT / "docs" / "operations.md").read_text()
    (site,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    site = re.sub(r" *(server_name|ssl_\w+) .*\n", "", site)
    return site.replace("listen 443 ssl;", f"listen {port};").replace("127.0.0.1:8000", f"127.0.0.1:{target}")


@needs_nginx
def test_behind_nginx(page: Page, proxy: Proxy, behind: Stack, tmp_path: Path) -> None:
    """With its defaults: no websocket, and the artifacts' hosts are not told apart. As documented: everything."""
    port = free_port()
    target = int(behind.settings["PORT"])
    # People's address is the first proxy's; the second one stands behind it.
    proxy.target = port
    try:
        with nginx(tmp_path, _BARE.format(port=port, target=target), port):
            open_workbench(page, proxy, Habits())
            make_wish(page, WISH)
            expect_way(page, STREAM)
            expect_whole(page)
        page.evaluate("sessionStorage.clear()")
        with nginx(tmp_path, documented_site(port, target), port):
            open_workbench(page, proxy, Habits())
            make_wish(page, WISH)
            expect_way(page, WEBSOCKET)
            expect(preview(page).locator("canvas").first).to_be_visible()
            expect_whole(page)
            assert proxy.opened["/api/events"] == 0
            assert json.loads(page.request.get(f"http://localhost:{proxy.port}/healthz").text())
    finally:
        proxy.target = target
