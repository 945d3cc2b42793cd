"""How a page was made, as a film: watched, searched, gone on from."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.stack import Stack
from tests.e2e.test_people import check_accessibility
from tests.upstream import Upstream

LINES = "".join(f"<p>line {number} of the small clock</p>\n" for number in range(40))
CLOCK = f"""Here is a clock.

```html index.html
<!doctype html>
<html lang="en"><head><title>Clock</title></head>
<body>
<h1>Small clock</h1>
{LINES}<footer>the end</footer>
</body></html>
```

It ticks.
"""
LARGE = """Larger, then.

```html index.html
<<<<<<< SEARCH
<h1>Small clock</h1>
=======
<h1>Large clock</h1>
>>>>>>> REPLACE
```
"""


class Maker:
    """Somebody who makes pages by the API."""

    def __init__(self, stack: Stack, name: str) -> None:
        people = "from playground.accounts.models import User\nUser.objects.create_user"
        make = f"{people}('{name}@example.com', 'correct horse')"
        stack.manage("shell", "-c", make)
        token = stack.manage("create_token", f"{name}@example.com").split()[-1]
        self.client = httpx2.Client(
            base_url=stack.url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        )

    def wish(self, prompt: str, model: str | int, **more: object) -> dict[str, Any]:
        """The run, when it is over."""
        run = self.client.post("/api/runs", json={"prompt": prompt, "model": model, **more}).json()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            run = self.client.get(f"/api/runs/{run['id']}").json()
            if run["status"] not in ("queued", "running"):
                break
            time.sleep(0.2)
        assert run["status"] == "finished", run
        return dict(run)


@pytest.fixture(scope="module")
def maker(lab: Stack) -> Iterator[Maker]:
    maker = Maker(lab, "filmmaker")
    yield maker
    maker.client.close()


@pytest.fixture(scope="module")
def clock(maker: Maker, upstream: Upstream) -> str:
    """The id of a page with two versions: one written, one changed."""
    upstream.turns["edits"] = [CLOCK, LARGE]
    first = maker.wish("a small clock", "edits")
    second = maker.wish("make it large", "edits", parent=first["id"])
    return str(second["artifact"])


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """A visitor who wants no motion: nothing plays by itself."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def shown(page: Page) -> FrameLocator:
    return page.frame_locator(".screen .page:last-child iframe")


def play_button(page: Page, name: str) -> None:
    page.locator(".play").and_(page.get_by_role("button", name=name)).click()


def place(page: Page) -> float:
    return float(page.get_by_role("slider", name="Place in the film").input_value())


def go_to(page: Page, seconds: float) -> None:
    page.evaluate("(moment) => (location.hash = `#t=${moment}`)", seconds)


def middle_of_the_first(maker: Maker, artifact: str) -> float:
    """Seconds: where half of the first version is written."""
    film = maker.client.get(f"/api/artifacts/{artifact}/versions/2/replay").json()
    first = film["chapters"][0]
    written = ""
    for frame in first["frames"]:
        written += frame["event"].get("text", "")
        if "line 19" in written:
            return float(first["typing"] + 400 + frame["at"] + 5) / 1000
    raise AssertionError(written)


def test_a_visitor_watches_the_making(page: Page, lab: Stack, clock: str, maker: Maker, screenshots: Path) -> None:
    page.goto(f"{lab.url}/a/{clock}")
    page.get_by_role("link", name="Watch how it was made").click()
    expect(page.get_by_role("heading", name="How “Clock” was made")).to_be_visible()
    expect(page.get_by_role("region", name="Story")).to_contain_text("a small clock")
    # The page comes alive while its code is still being written.
    expect(shown(page).get_by_role("heading", name="Small clock")).to_be_visible()
    expect(shown(page).get_by_text("the end")).to_have_count(0)
    page.keyboard.press("k")
    stopped = place(page)
    expect(page.locator(".cm-content")).to_contain_text("small clock")
    page.wait_for_timeout(600)
    assert place(page) == stopped
    page.get_by_role("button", name="8×").click()
    page.keyboard.press("k")
    expect(shown(page).get_by_role("heading", name="Large clock")).to_be_visible(timeout=30_000)
    expect(page.locator(".play").and_(page.get_by_role("button", name="Play again"))).to_be_visible(timeout=30_000)
    expect(page.get_by_role("region", name="Story")).to_contain_text("Changes index.html in 1 place")
    check_accessibility(page)
    page.screenshot(path=str(screenshots / "replay.png"))


def test_every_moment_can_be_found_and_shared(still: Page, lab: Stack, clock: str, maker: Maker) -> None:
    still.context.grant_permissions(["clipboard-read", "clipboard-write"])
    moment = middle_of_the_first(maker, clock)
    still.goto(f"{lab.url}/a/{clock}/replay#t={moment:.3f}")
    expect(shown(still).get_by_text("line 10 of")).to_be_visible()
    expect(shown(still).get_by_text("the end")).to_have_count(0)
    assert abs(place(still) - moment * 1000) < 200  # nothing plays
    still.get_by_role("button", name="Copy the link to this moment").click()
    copied = still.evaluate("navigator.clipboard.readText()")
    assert re.search(rf"/a/{clock}/replay#t=\d+", copied)
    still.get_by_role("navigation", name="Chapters").get_by_role("button", name="Version 2").click()
    expect(shown(still).get_by_role("heading", name="Small clock")).to_be_visible()
    expect(still.get_by_role("region", name="Story")).not_to_contain_text("Larger, then.")
    slider = still.get_by_role("slider", name="Place in the film")
    slider.press("End")
    expect(shown(still).get_by_role("heading", name="Large clock")).to_be_visible()
    assert "version 2" in str(slider.get_attribute("aria-valuetext")).lower()
    still.set_viewport_size({"width": 390, "height": 844})
    assert still.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_visitor_goes_on_from_a_moment(still: Page, lab: Stack, clock: str, maker: Maker, upstream: Upstream) -> None:
    still.goto(f"{lab.url}/a/{clock}/replay#t={middle_of_the_first(maker, clock):.3f}")
    expect(shown(still).get_by_text("line 10 of")).to_be_visible()
    upstream.turns["edits"] = ["<p>another end</p>\n</body></html>\n```\n"]
    asked = len(upstream.requests)
    still.get_by_role("button", name="Branch from here").click()
    dialog = still.get_by_role("dialog", name="Branch from here")
    dialog.get_by_label("Model").select_option(label="edits")
    dialog.get_by_role("button", name="Go on from here").click()
    still.wait_for_url(re.compile(r"/c/\w+"))
    expect(still.get_by_role("button", name="Version 1", exact=True)).to_be_visible(timeout=30_000)
    page = still.frame_locator("section iframe")
    expect(page.get_by_role("heading", name="Small clock")).to_be_visible()
    expect(page.get_by_text("another end")).to_be_visible()
    given = upstream.requests[asked].body["messages"][-2]
    assert given["role"] == "assistant"
    assert CLOCK.startswith(given["content"])
    assert "line 19" in given["content"]
    assert "line 30" not in given["content"]


def test_a_private_making_is_nobody_elses(still: Page, lab: Stack, maker: Maker, upstream: Upstream) -> None:
    upstream.turns["edits"] = [CLOCK]
    artifact = maker.wish("a secret clock", "edits")["artifact"]
    maker.client.patch(f"/api/artifacts/{artifact}", json={"visibility": "private"})
    for path in (f"/a/{artifact}/replay", f"/a/{artifact}/v/1/replay", f"/api/artifacts/{artifact}/versions/1/replay"):
        answer = still.goto(lab.url + path)
        assert answer
        assert answer.status == 404
        assert "secret" not in answer.text()
    assert maker.client.get(f"/api/artifacts/{artifact}/versions/1/replay").status_code == 200


def test_a_clip_of_the_demo_reel_has_its_film(still: Page, lab: Stack) -> None:
    """The finished pages of the reel, which nobody has asked for here."""
    ids = lab.manage(
        "shell", "-c", "from playground.gallery.models import Demo; print(*[d.artifact_id for d in Demo.objects.all()])"
    )
    still.goto(f"{lab.url}/a/{ids.split()[-1]}/replay")
    expect(still.get_by_role("region", name="Story")).to_be_visible()
    play_button(still, "Play")
    expect(still.get_by_role("region", name="Story")).to_contain_text("Demo reel", timeout=20_000)
    expect(still.locator(".screen .page iframe").first).to_be_visible(timeout=30_000)
    play_button(still, "Pause")
