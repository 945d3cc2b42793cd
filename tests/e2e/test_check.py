"""Each version is checked by the worker, whatever happens to it, and the verdict is there to be seen."""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.publishing import document, publish_files
from tests.e2e.stack import Stack, prepare_data, start_stack

COUNTER = document(
    '<h1>Counter</h1><p>It counts.</p><button onclick="this.textContent = `Clicked ${++n}`">Click</button>'
    "<script>let n = 0</script>"
)
BROKEN = document("<h1>A game</h1><canvas width=800 height=500 style='background:#000'></canvas>")


PUBLISH_AND_CHECK = """
from django.core.management import call_command
from playground.artifacts.models import Version
from playground.checks.running import run_check
from playground.checks.services import claim_check, order_check
call_command("publish", "{page}")
order_check(Version.objects.latest("pk"))
run_check(claim_check())
"""


class Checking(NamedTuple):
    stack: Stack
    unverified: str  # the permalink's path of what was checked where there is no browser


@pytest.fixture(scope="module")
def checking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checking]:
    data = tmp_path_factory.mktemp("checking")
    page = data / "page.html"
    page.write_text(COUNTER)
    said = prepare_data(data, PUBLISH_AND_CHECK.format(page=page), PLAYGROUND_CHROMIUM="/nowhere/chromium")
    running = start_stack(data, PLAYGROUND_CHECKS="yes")
    yield Checking(running, urlsplit(said.split()[-1]).path)
    running.stop()


def _check_url(url: str) -> str:
    return f"{url.replace('/a/', '/api/artifacts/')}/versions/1/check"


def check_of(page: Page, url: str) -> dict[str, Any]:
    answer = page.request.get(_check_url(url))
    found: dict[str, Any] = json.loads(answer.text())
    return found


def wait_for(page: Page, url: str, is_reached: Callable[[dict[str, Any]], bool], seconds: float = 90) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while not is_reached(found := check_of(page, url)):
        assert time.monotonic() < deadline, found
        time.sleep(0.3)
    return found


def is_done(found: dict[str, Any]) -> bool:
    return bool(found["state"] == "done")


def processes(command: bytes, data: Path) -> list[int]:
    """Those of this playground whose command line holds `command`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if command in (folder / "cmdline").read_bytes() and str(data).encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_version_gets_its_verdict_and_its_pictures(page: Page, checking: Checking, screenshots: Path) -> None:
    url = publish_files(page, checking.stack, "Counter", {"index.html": COUNTER})
    found = wait_for(page, url, is_done)
    assert (found["verdict"], found["level"]) == ("works_well", "no network (bubblewrap)"), found
    responds = next(gate for gate in found["gates"] if gate["name"] == "responds")
    assert (responds["outcome"], "Click" in responds["text"]) == ("passed", True)
    picture = page.request.get(checking.stack.url + found["pictures"]["thumbnail"])
    assert (picture.status, picture.headers["content-type"]) == (200, "image/webp")
    page.goto(url)
    badge = page.locator("#check summary")
    expect(badge).to_contain_text("Works well")
    badge.click()
    expect(page.locator("#check img")).to_have_count(4)
    page.screenshot(path=screenshots / "check-permalink.png", full_page=True)


def test_what_is_broken_can_be_fixed_from_its_report(page: Page, checking: Checking, screenshots: Path) -> None:
    url = publish_files(page, checking.stack, "A game", {"index.html": BROKEN})
    assert wait_for(page, url, is_done)["verdict"] == "broken"
    page.goto(url)
    page.get_by_role("button", name="Open in workbench").click()
    page.get_by_role("button", name="Check: Broken").click()
    report = page.get_by_role("region", name="Check")
    expect(report.get_by_text("is one colour, #000000")).to_be_visible()
    page.screenshot(path=screenshots / "check-workbench.png")
    report.get_by_role("button", name="Verify again").click()
    expect(page.get_by_role("button", name="Check: Being checked")).to_be_visible()
    expect(page.get_by_role("button", name="Check: Broken")).to_be_visible(timeout=90_000)
    report.get_by_role("button", name="Fix it").click()
    expect(page.get_by_text("The check of the page found a problem")).to_be_visible()


def test_a_worker_that_is_killed_loses_no_check_and_leaves_no_browser(page: Page, checking: Checking) -> None:
    url = publish_files(page, checking.stack, "Counter", {"index.html": COUNTER})
    wait_for(page, url, lambda found: found["state"] == "running")
    deadline = time.monotonic() + 20
    while not (drivers := processes(b"playwright", checking.stack.data)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    for worker in processes(b"celery", checking.stack.data):
        os.kill(worker, signal.SIGKILL)
    found = wait_for(page, url, is_done, seconds=150)
    assert found["verdict"] == "works_well"
    assert not set(drivers) & set(processes(b"playwright", checking.stack.data))


def test_without_a_browser_it_is_not_verified_and_says_how_to_get_one(page: Page, checking: Checking) -> None:
    url = f"{checking.stack.url}{checking.unverified}"
    found = check_of(page, url)
    assert (found["state"], found["verdict"], found["install"]) == ("done", "not_verified", "apt install chromium")
    page.goto(url)
    page.locator("#check summary").click()
    expect(page.locator("#check code")).to_have_text("apt install chromium")
    # There is one by now. A pointer would be sent to the frame, which learns late that it has scrolled away from it.
    page.get_by_role("button", name="Verify again").press("Enter")
    expect(page).to_have_url(re.compile("#check$"))
    assert wait_for(page, url, lambda found: bool(found["gates"]))["verdict"] == "works_well"
