"""What the demos look like at first, and what the newer ones promise beyond a picture: what they keep, what they do
without storage, and what the keys do.
"""

from io import BytesIO

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import FrameLocator, Page, expect

from playground.reel.clips import load_clips
from tests.e2e.publishing import publish_files
from tests.e2e.stack import Stack

PAGES = {clip.slug: clip.files["index.html"].decode() for clip in load_clips()}


def open_demo(page: Page, stack: Stack, slug: str) -> FrameLocator:
    page.goto(publish_files(page, stack, slug, {"index.html": PAGES[slug]}))
    return page.frame_locator("iframe")


def test_without_a_check_the_gallery_shows_what_its_demos_look_like(page: Page, stack: Stack) -> None:
    page.goto(stack.url)
    cards = page.locator(".card")
    expect(cards).to_have_count(len(PAGES))
    for still in cards.locator(".shot img").all():
        still.scroll_into_view_if_needed()
        expect(still).to_have_js_property("naturalWidth", 640)
    expect(page.locator(".shot img")).to_have_count(len(PAGES) + 1)  # with the cover of the collection
    expect(page.locator(".no-picture")).to_have_count(0)
    fireworks = cards.filter(has=page.get_by_role("link", name="Fireworks", exact=True))
    fireworks.hover()
    expect(fireworks.locator(".film")).to_have_js_property("naturalWidth", 320)
    page.mouse.move(0, 0)
    expect(fireworks.locator(".film")).to_have_count(0)
    fireworks.get_by_role("link", name="Fireworks", exact=True).focus()
    expect(fireworks.locator(".film")).to_have_js_property("naturalWidth", 320)
    page.keyboard.press("Enter")
    expect(page.locator("#check summary")).to_contain_text("Not verified")
    answer = page.request.get(page.locator("meta[property='og:image']").get_attribute("content") or "")
    with Image.open(BytesIO(answer.body())) as card:
        assert (card.format, card.size) == ("JPEG", (1200, 630))
        assert ImageStat.Stat(card.crop((0, 0, 1200, 500)).convert("L")).mean[0] < 100, "a night, not paper"


def test_a_bag_outlives_a_reload(page: Page, stack: Stack) -> None:
    shop = open_demo(page, stack, "bookstore")
    shop.get_by_label("Search title, author or story").fill("white whale")
    expect(shop.locator("#count")).to_have_text("One book")
    for _ in range(2):
        shop.get_by_role("button", name="Add Moby-Dick to the bag").click()
    expect(page.get_by_role("button", name="Clear data")).to_be_visible()  # the page's change has come over
    page.reload()
    shop.get_by_role("button", name="Bag, 2 books").click()
    shop.get_by_role("button", name="One less of Moby-Dick").click()
    expect(shop.locator("#sum .total")).to_contain_text("€22")
    shop.get_by_role("button", name="Order").click()
    expect(shop.get_by_text("nothing was ordered")).to_be_visible()


def test_a_list_is_kept_and_works_by_keys_alone(page: Page, stack: Stack) -> None:
    todo = open_demo(page, stack, "to-do")
    todo.get_by_label("What is to be done?").fill("Learn to juggle")
    page.keyboard.press("Enter")
    todo.get_by_role("button", name="Move Learn to juggle").press("ArrowDown")
    todo.get_by_role("checkbox", name="Done: Learn to juggle").press("Space")
    todo.get_by_role("button", name="Delete Buy oat milk and bread").press("Enter")
    expect(todo.locator("li")).to_have_count(4)
    page.keyboard.press("Control+z")
    kept = ["Water the plants", "Learn to juggle", "Write to grandma", "Buy oat milk and bread", "Fix the squeaky door"]
    assert names_in(todo) == kept
    expect(page.get_by_role("button", name="Clear data")).to_be_visible()
    page.reload()
    expect(todo.get_by_text("3 to go, 2 done")).to_be_visible()
    assert names_in(todo) == kept


def names_in(todo: FrameLocator) -> list[str]:
    return list(todo.locator(".name").evaluate_all("fields => fields.map((field) => field.value)"))


@pytest.mark.parametrize(("slug", "act"), [("bookstore", "[data-add]"), ("to-do", "[type=checkbox]")])
def test_where_nothing_may_be_kept_the_page_says_so(page: Page, slug: str, act: str) -> None:
    page.set_content(PAGES[slug])  # an address without an origin has no storage
    assert page.evaluate("() => { try { return !localStorage } catch { return true } }")
    page.locator(act).first.click()
    if slug == "bookstore":
        page.locator("#bag").click()
    expect(page.get_by_text("This browser keeps nothing here")).to_be_visible()


def test_emoji_fall_to_where_gravity_points_and_come_to_rest(page: Page) -> None:
    page.set_content(PAGES["emoji-gravity"])
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("balls.length > 20 && balls.some(({ x, r }) => x < r + 1) && quietFor > 0.5")
    assert page.evaluate("Math.max(...balls.map(({ x }) => x)) < innerWidth / 2")
    assert page.evaluate("balls.every(({ x, y, r }) => x > r * 0.9 && y > 0 && y < box.floor)")


def test_a_globe_obeys_keys_and_rolls_new_worlds(page: Page) -> None:
    page.set_content(PAGES["globe"])
    first = page.locator("h1").inner_text()
    before = page.evaluate("[camera.far, camera.pitch]")
    for key in ("+", "ArrowUp"):
        page.keyboard.press(key)
    page.wait_for_function("([far, pitch]) => camera.far < far - 0.2 && camera.pitch > pitch + 0.05", arg=before)
    page.keyboard.press("n")
    page.wait_for_function("(name) => document.querySelector('h1').innerText !== name", arg=first)
    expect(page.locator("#place")).to_contain_text(" there")


def test_a_storm_without_its_library_says_what_is_missing(page: Page) -> None:
    page.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
    page.set_content(PAGES["colour-storm"])
    expect(page.get_by_text("p5.js could not be loaded")).to_be_visible()
