"""Races: several models at one wish, side by side; what is kept; blind votes. One lane cannot disturb the others."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from tests.e2e.stack import Stack, start_stack
from tests.e2e.test_people import check_accessibility
from tests.e2e.workbench import make_wish, preview, wait_for_version
from tests.upstream import Upstream

FROZEN = "```html index.html\n<title>Frozen</title><body><p>Frozen</p><script>for (;;);</script></body>\n```\n"
HEAVY = """```html index.html
<title>Heavy</title><body><canvas width="300" height="150"></canvas>
<button onclick="this.textContent = 'Pressed'">Press</button>
<script>
  for (let i = 0; i < 4000; i++) document.body.append(Object.assign(document.createElement("p"), { textContent: i }));
  const pen = document.querySelector("canvas").getContext("2d");
  requestAnimationFrame(function draw(now) {
    for (let i = 0; i < 2000; i++) pen.fillRect((i * now) % 300, i % 150, 1, 1);
    requestAnimationFrame(draw);
  });
</script></body>
```
"""
MODELS = ("good", "no-usage", "crlf", "no-done", "server-error", "stall-middle", "null-first")


@pytest.fixture(scope="module")
def racers() -> Iterator[Upstream]:
    with Upstream.in_thread() as running:
        running.delay = 0.02
        running.answers |= dict.fromkeys(("crlf", "no-done"), HEAVY)
        running.answers["null-first"] = FROZEN
        yield running


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory, racers: Upstream) -> Iterator[Stack]:
    running = start_stack(tmp_path_factory.mktemp("track"), PLAYGROUND_CONCURRENT_RUNS="8")
    running.manage(
        "shell",
        "-c",
        "from playground.gateway.models import Endpoint, Model\n"
        f"endpoint = Endpoint.objects.create(name='Track', base_url='{racers.base_url}')\n"
        f"for name in {MODELS}:\n"
        "    Model.objects.create(endpoint=endpoint, name=name, model_id=name, price_input=1, price_output=2)\n",
    )
    yield running
    running.stop()


def start_race(page: Page, url: str, *models: str, blind: bool = False) -> None:
    page.goto(f"{url}/new")
    page.get_by_role("button", name=re.compile("^Model: ")).click()
    switch = page.get_by_role("switch", name="Race several models")
    switch.check()
    chosen = page.get_by_role("button", pressed=True).filter(has_text=re.compile("Track|clips"))
    for button in reversed(chosen.all()):  # from behind: those before keep their number
        button.click()
    for model in models:
        page.get_by_role("button", name=re.compile(f"^{model} ")).click()
    page.get_by_role("switch", name="Blind").set_checked(blind)
    expect(page.get_by_role("button", name=f"Model: Race: {len(models)} models")).to_be_visible()
    page.keyboard.press("Escape")
    make_wish(page, "a page")
    expect(page.get_by_role("region", name=re.compile("ace$"))).to_be_visible()


def lane(page: Page, letter: str) -> Locator:
    return page.get_by_role("region", name=re.compile(f"^Lane {letter}"))


def page_of(lane: Locator) -> FrameLocator:
    return lane.frame_locator("iframe")


def wait_for_all(page: Page, count: int) -> None:
    expect(page.get_by_text(f"All {count} have answered.").last).to_be_visible(timeout=60_000)


def test_lanes_stream_side_by_side_and_one_is_kept(
    page: Page, context: BrowserContext, browser: Browser, track: Stack, racers: Upstream, screenshots: Path
) -> None:
    with racers.held("</script>"):  # the pages are there before their end is written
        start_race(page, track.url, "good", "no-usage", "server-error", "stall-middle")
        expect(page_of(lane(page, "A")).locator("canvas")).to_be_visible()
        expect(lane(page, "A")).to_contain_text("Writing")
        expect(lane(page, "C").get_by_role("alert")).to_contain_text("The model server failed")
        expect(lane(page, "D")).to_contain_text("Writing")
        check_accessibility(page)

        second = context.new_page()  # a second tab, in mid-race; and the first, loaded again
        second.goto(page.url)
        page.reload()
        for tab in (page, second):
            expect(page_of(lane(tab, "B")).locator("canvas")).to_be_visible()
            expect(lane(tab, "C").get_by_role("alert")).to_contain_text("The model server failed")
        second.get_by_role("button", name="Stop lane D").click()
        expect(lane(page, "D")).to_contain_text("Stopped")
    wait_for_all(page, 4)
    expect(lane(page, "A")).to_contain_text(re.compile(r"\d+ s · 34 tokens · .*cost 0.00008"))
    expect(lane(page, "D").get_by_role("button", name=re.compile("^Keep"))).to_have_count(0)
    page.screenshot(path=screenshots / "race-done-1440.png")

    page.get_by_role("region", name="Race", exact=True).focus()
    page.keyboard.press("2")
    expect(lane(page, "B")).to_be_focused()
    page.get_by_role("button", name="Keep lane B").click()
    wait_for_version(page)
    expect(preview(page).locator("canvas")).to_be_visible()
    make_wish_alone(page, "and bigger")
    wait_for_version(page, 2)

    page.get_by_role("button", name="Open the lanes").first.click()  # the others are still there, and can be kept
    expect(lane(page, "B")).to_contain_text("Kept: version 1")
    page.get_by_role("button", name="Keep lane A").click()
    wait_for_version(page, 3)
    page.reload()
    expect(page.get_by_text("Kept: version 3")).to_be_visible()

    stranger = browser.new_context().new_page()
    answer = stranger.goto(page.url)
    assert answer
    assert answer.status == 404
    stranger.context.close()


def make_wish_alone(page: Page, wish: str) -> None:
    page.get_by_role("button", name=re.compile("^Model: ")).click()
    page.get_by_role("switch", name="Race several models").uncheck()
    page.get_by_role("button", name=re.compile("^good ")).click()
    make_wish(page, wish)


def test_a_blind_race_tells_the_names_after_the_vote(page: Page, track: Stack, screenshots: Path) -> None:
    heard: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda text: heard.append(str(text))))
    start_race(page, track.url, "good", "no-usage", "server-error", blind=True)
    expect(page.get_by_role("button", name="Lane A is best")).to_be_disabled()
    wait_for_all(page, 3)
    page.reload()
    wait_for_all(page, 3)
    race = page.get_by_role("region", name="Blind race")
    conversation = page.url.rpartition("/")[2]
    heard.append(page.request.get(f"{track.url}/api/conversations/{conversation}").text())
    for name in ("good", "no-usage", "server-error"):
        assert name not in "".join(heard)
        expect(race).not_to_contain_text(name)
        expect(page.locator("article")).not_to_contain_text(name)
    expect(race).not_to_contain_text(re.compile("tokens|cost"))
    expect(page.get_by_role("button", name=re.compile("^Keep"))).to_have_count(0)
    check_accessibility(page)
    page.screenshot(path=screenshots / "race-blind-1440.png")
    page.locator("button:not([disabled])").filter(has_text=re.compile("^[ABC]$")).first.click()
    expect(race.get_by_role("status")).to_contain_text(re.compile("The names: Lane A: .*server-error"))
    expect(page.get_by_text(re.compile("You voted: . is best")).first).to_be_visible()
    for name in ("good", "no-usage", "server-error"):
        expect(race.get_by_role("heading", name=name)).to_be_visible()
    expect(race.get_by_text("cost 0.00008")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Keep lane")).first.click()
    wait_for_version(page)


def test_a_frozen_page_and_heavy_ones_leave_the_rest_usable(page: Page, track: Stack) -> None:
    start_race(page, track.url, "crlf", "good", "no-done", "null-first")
    wait_for_all(page, 4)
    expect(lane(page, "D")).to_contain_text("not responding", timeout=20_000)
    for letter in "AC":
        page_of(lane(page, letter)).get_by_role("button", name="Press").click()
        expect(page_of(lane(page, letter)).get_by_role("button", name="Pressed")).to_be_visible()
    lane(page, "D").get_by_role("button", name="Stop").click()
    lane(page, "B").get_by_role("button", name="Enlarge lane B").click()
    expect(lane(page, "A")).to_have_count(0)  # out of sight, and out of the way
    lane(page, "B").get_by_role("button", name="Code", exact=True).click()
    expect(lane(page, "B")).to_contain_text("requestAnimationFrame")
    lane(page, "B").get_by_role("button", name="Back to all lanes from lane B").click()
    make_wish(page, "something else")  # nothing is kept: beside the race
    page.get_by_role("button", name="Stop all").click()
    expect(page.locator("article")).to_have_count(1)


def test_on_a_phone_lanes_are_tabs(browser: Browser, track: Stack, screenshots: Path) -> None:
    context = browser.new_context(locale="en-US", viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    start_race_on_phone(page, track.url)
    expect(lane(page, "A")).to_be_in_viewport(ratio=0.9)
    expect(lane(page, "B")).not_to_be_in_viewport()
    page.get_by_role("group", name="Lanes").get_by_role("button", name=re.compile("^B")).click()
    expect(lane(page, "B")).to_be_in_viewport(ratio=0.9)
    wait_for_all(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    check_accessibility(page)
    page.screenshot(path=screenshots / "race-390.png")
    context.close()


def start_race_on_phone(page: Page, url: str) -> None:
    page.goto(f"{url}/new")
    page.get_by_role("button", name=re.compile("^Model: ")).click()
    page.get_by_role("switch", name="Race several models").check()
    page.keyboard.press("Escape")
    make_wish(page, "a page")
    page.get_by_role("button", name="Open the lanes").click()


def test_with_one_model_the_switch_says_why_it_is_off(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/new")
    page.get_by_role("button", name=re.compile("^Model: ")).click()
    expect(page.get_by_role("switch", name="Race several models")).to_be_disabled()
    expect(page.get_by_text("A race needs two models or more")).to_be_visible()
