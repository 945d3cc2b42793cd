"""The film of a build: its steps are chapters, its files are written, its page comes alive, and anybody may branch."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.e2e.builders import Person
from tests.e2e.finger import Finger
from tests.e2e.game_builder import ITEMS, PAGE, STYLE, start_builder_stack
from tests.e2e.stack import Stack
from tests.e2e.test_people import check_accessibility

LONG = 120_000  # milliseconds: two looks of a real browser are among them


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with start_builder_stack(tmp_path_factory.mktemp("build-film")) as running:
        yield running


@pytest.fixture(scope="module")
def film(stack: Stack) -> str:
    """The address of the film of a build that made a mistake, and mended it."""
    with Person(stack, "maker") as maker:
        run = maker.wait_for_end(maker.build("A moon that turns round, delay=0.2"), LONG / 1000)
    return f"{stack.url}/a/{run['artifact']}/replay"


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """A visitor who wants no motion: nothing plays by itself."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """With a finger instead of a mouse."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en-US", has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def shown(page: Page) -> FrameLocator:
    return page.frame_locator(".screen .page:last-child iframe")


def story(page: Page) -> Locator:
    return page.get_by_role("region", name="Story")


def steps(page: Page) -> Locator:
    return page.get_by_role("list", name="Steps of version 1").get_by_role("button")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Place in the film")


def place(page: Page) -> float:
    return float(slider(page).input_value())


def go_to_step(page: Page, step: int) -> None:
    page.get_by_role("button", name=re.compile(rf"^Step {step}\b")).click()
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile(f", Version 1, Step {step}$"))


def go_to_other_page(page: Page, step: int) -> None:
    """And wait until the page of the film's moment is the one of that step."""
    frame = page.locator(".screen iframe").last
    before = str(frame.get_attribute("src"))
    go_to_step(page, step)
    expect(frame).not_to_have_attribute("src", before)


def test_a_visitor_watches_a_build(page: Page, film: str) -> None:
    page.goto(film)
    expect(page.get_by_role("heading", name="How “Orbit” was made")).to_be_visible()
    expect(story(page)).to_contain_text("A moon that turns round")
    page.get_by_role("button", name="8×").click()
    page.locator(".play").and_(page.get_by_role("button", name="Play again")).wait_for(timeout=60_000)
    for deed in ("Planned", "Wrote index.html", "Checked in a browser: Usable", "“Responds to input” fails"):
        expect(story(page)).to_contain_text(deed)
    expect(story(page)).to_contain_text("Checked in a browser: Works well")
    turn_round(page)
    expect(shown(page).get_by_text("1 turns")).to_be_visible()
    check_accessibility(page)


def test_its_steps_are_chapters(still: Page, film: str) -> None:
    still.goto(film)
    done = ["Planned", "Wrote index.html", "Wrote style.css", "Wrote game.js", "Planned", "Said that it is done"]
    expect(steps(still).locator(".name")).to_have_text([*done, "Edited game.js", "Said that it is done"])

    go_to_step(still, 3)
    expect(story(still)).to_contain_text("Wrote index.html")
    expect(story(still)).not_to_contain_text("Wrote style.css")
    expect(still.get_by_role("tab")).to_have_text(["index.html"])
    expect(shown(still).get_by_role("heading", name="Orbit")).to_be_visible()
    expect(shown(still).locator("body")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    still.keyboard.press("]")
    expect(slider(still)).to_have_attribute("aria-valuetext", re.compile("Step 4$"))
    expect(shown(still).locator("body")).to_have_css("background-color", "rgb(16, 19, 28)")

    watch_a_file_being_written(still)
    follow_the_plan(still)
    look_at_the_mistake_and_its_end(still)


def watch_a_file_being_written(page: Page) -> None:
    """In the middle of the fourth step."""
    artifact = page.url.split("/")[-2]
    film = page.request.get(f"{page.url.partition('/a/')[0]}/api/artifacts/{artifact}/versions/1/replay").json()[
        "chapters"
    ][0]
    frames = [frame for frame in film["frames"] if frame["event"]["type"] == "build.writing"]
    written = [
        frame["at"] for frame in frames if frame["event"]["step"] == 4 and frame["event"]["tool"] == "write_file"
    ]
    moment = film["typing"] + 400 + written[len(written) // 2] + 5
    page.evaluate("(t) => (location.hash = `#t=${t}`)", moment / 1000)
    expect(story(page)).to_contain_text("Writing game.js")
    expect(page.get_by_role("tab", selected=True)).to_have_text("game.js")
    expect(page.locator(".cm-content")).to_contain_text("const pen")
    expect(page.locator(".cm-content")).not_to_contain_text("keypressed")


def follow_the_plan(page: Page) -> None:
    plan = story(page).locator("details")
    expect(plan.locator("summary")).to_contain_text(f"0 of 3 {ITEMS[0]}")
    plan.locator("summary").click()
    expect(plan.get_by_role("listitem").filter(has_text=ITEMS[0])).to_contain_text("being done")
    go_to_other_page(page, 8)
    expect(plan.locator("summary")).to_contain_text("3 of 3")
    expect(plan.get_by_role("listitem").filter(has_text=ITEMS[2])).to_contain_text("done")


def turn_round(page: Page) -> None:
    """When the page before it has gone."""
    expect(page.locator(".screen .page")).to_have_count(1)
    shown(page).get_by_role("button", name="Turn round").click()


def look_at_the_mistake_and_its_end(page: Page) -> None:
    go_to_step(page, 9)
    turn_round(page)
    expect(shown(page).get_by_text("0 turns")).to_be_visible()
    go_to_other_page(page, 10)
    expect(page.get_by_role("tab", selected=True)).to_have_text("game.js")
    expect(page.locator(".cm-content")).to_contain_text("keydown")
    turn_round(page)
    expect(shown(page).get_by_text("1 turns")).to_be_visible()
    slider(page).press("[")
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile("Step 9$"))


def test_a_visitor_goes_on_from_a_step(still: Page, stack: Stack, film: str) -> None:
    """With its files, and without those that came later."""
    still.goto(film)
    go_to_step(still, 4)
    expect(shown(still).locator("body")).to_have_css("background-color", "rgb(16, 19, 28)")
    still.get_by_role("button", name="Branch from here").click()
    dialog = still.get_by_role("dialog", name="Branch from here")
    expect(dialog).to_contain_text("after step 3")
    dialog.get_by_label("Model").select_option(label="builder")
    dialog.get_by_role("button", name="Go on from here").click()
    still.wait_for_url(re.compile(r"/c/\w+"))
    timeline = still.get_by_role("list", name="Steps of the build").last
    expect(timeline).to_contain_text("Goes on from 2 files", timeout=LONG)
    conversation = still.url.rsplit("/", 1)[1]
    run = still.request.get(f"{stack.url}/api/conversations/{conversation}").json()["runs"][-1]["id"]
    begun = still.request.get(f"{stack.url}/api/runs/{run}/build/files?step=0").json()["files"]
    told = {file["path"]: file["sha"] for file in begun}
    written = {"index.html": PAGE, "style.css": STYLE}
    assert told == {path: hashlib.sha256(text.encode()).hexdigest() for path, text in written.items()}
    still.get_by_role("button", name="Ways to stop").click()
    still.get_by_role("button", name=re.compile("^Stop and keep the best")).click()
    expect(still.get_by_role("region", name=re.compile("^(Built in part|Not built)"))).to_be_visible(timeout=LONG)


def test_the_film_under_a_finger(phone: Page, film: str) -> None:
    phone.goto(film)
    expect(shown(phone).locator("body")).to_have_count(0)
    box = slider(phone).bounding_box()
    assert box
    assert box["width"] > 280
    assert box["height"] >= 44
    y = box["y"] + box["height"] / 2
    across = [(box["x"] + 9 + (box["width"] - 18) * share / 10, y) for share in range(7)]
    with Finger(phone) as finger:
        finger.drag(*across)
    length = float(str(slider(phone).get_attribute("max")))
    assert abs(place(phone) / length - 0.6) < 0.1
    expect(shown(phone).get_by_role("button", name="Turn round")).to_be_visible()

    phone.get_by_role("button", name="2×").tap()
    play = phone.locator(".play")
    play.tap()
    before = place(phone)
    phone.wait_for_function("(then) => Number(document.querySelector('[type=range]').value) > then", arg=before)
    with Finger(phone) as finger:
        finger.drag(across[6], across[3], across[1])  # and it goes on from there when the finger is lifted
    expect(play.and_(phone.get_by_role("button", name="Pause"))).to_be_visible()
    play.tap()
    stopped = place(phone)
    assert stopped < before
    phone.wait_for_timeout(400)
    assert place(phone) == stopped
    steps(phone).filter(has_text="Edited game.js").tap()
    expect(slider(phone)).to_have_attribute("aria-valuetext", re.compile("Step 9$"))
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    check_accessibility(phone)
