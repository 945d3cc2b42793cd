"""Keeping the gallery, as curator, author and visitor: the queue, a report, a takedown, and what mends itself."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.finger import Finger
from tests.e2e.game_builder import start_builder_stack
from tests.e2e.publishing import document, publish_files
from tests.e2e.stack import Stack
from tests.e2e.test_people import check_accessibility

PEOPLE = """
from django.contrib.auth.models import Group
from playground.accounts.models import User
from playground.curation.models import Policy
User.objects.create_user("author@example.com", "correct horse", name="Alma")
User.objects.create_user("curator@example.com", "correct horse").groups.add(Group.objects.get(name="Curators"))
User.objects.create_superuser("admin@example.com", "correct horse")
Policy.objects.create(on_break="hide")
"""
ACCEPTED = """
from playground.artifacts.models import Artifact
from playground.gallery.services import accept, submit
artifact = Artifact.objects.get(pk="{id}")
accept(submit(artifact, artifact.owner), None)
"""
# As at night, but for this entry alone.
DUE = """
from playground.curation.models import Health
from playground.gallery.models import Entry
Health.objects.create(entry=Entry.objects.get(artifact="{id}"), is_due=True)
"""
TEND = """
from playground.curation.health import tend
from playground.curation.models import Health
tend()
health = Health.objects.get(entry__artifact="{id}")
print("broken" if health.broken_since else "due")
"""
KITE = document("<h1>Kite over the sea</h1><button onclick=\"this.textContent = 'It flies'\">Fly</button>")
BLANK = document("<h1>A clock</h1><canvas width=800 height=500 style='background:#000'></canvas>")
BUILD = 240_000  # milliseconds: several looks of a real browser


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with start_builder_stack(tmp_path_factory.mktemp("curation")) as running:
        running.manage("shell", "-v", "0", "-c", PEOPLE)
        yield running


@pytest.fixture
def author(stack: Stack, browser: Browser) -> Iterator[Page]:
    yield from signed_in(stack, browser, "author")


@pytest.fixture
def curator(stack: Stack, browser: Browser) -> Iterator[Page]:
    yield from signed_in(stack, browser, "curator")


@pytest.fixture
def phone(stack: Stack, browser: Browser) -> Iterator[Page]:
    """The curator's."""
    yield from signed_in(
        stack, browser, "curator", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )


@pytest.fixture
def plain_curator(stack: Stack, browser: Browser) -> Iterator[Page]:
    yield from signed_in(stack, browser, "curator", java_script_enabled=False)


@pytest.fixture
def plain_visitor(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en", java_script_enabled=False)
    yield context.new_page()
    context.close()


def signed_in(stack: Stack, browser: Browser, name: str, **more: Any) -> Iterator[Page]:
    context = browser.new_context(locale="en", **more)
    page = context.new_page()
    page.goto(f"{stack.url}/accounts/login/")
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new")
    yield page
    context.close()


def id_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


def test_a_submission_is_declined_with_a_reason_then_accepted_and_put_in_order(
    stack: Stack, page: Page, author: Page, curator: Page
) -> None:
    url = publish_files(author, stack, "Kite", {"index.html": KITE})
    author.goto(url)
    author.get_by_role("button", name="Submit to the gallery").press("Enter")
    expect(author.get_by_text("Waiting for a curator")).to_be_visible()
    author.goto(f"{stack.url}/curate/")
    expect(author.get_by_role("heading", name="This is not for you to open")).to_be_visible()
    page.goto(f"{stack.url}/curate/")
    expect(page).to_have_url(re.compile("/accounts/login/"))

    curator.goto(stack.url)
    curator.get_by_role("link", name="Curate").click()
    waiting = curator.locator(".case").filter(has=curator.get_by_role("heading", name="Kite"))
    waiting.locator(".preview summary").click()
    frame = waiting.frame_locator("iframe")
    frame.get_by_role("button", name="Fly").click()
    expect(frame.get_by_role("button", name="It flies")).to_be_visible()
    check_accessibility(curator)
    waiting.locator("summary", has_text="Decline").click()
    waiting.get_by_label("Reason, which its author reads").fill("Where is the sea?")
    waiting.get_by_role("button", name="Decline it").click()
    expect(curator.get_by_text("Nothing waits")).to_be_visible()

    author.goto(url)
    expect(author.get_by_text("Where is the sea?")).to_be_visible()
    page.goto(url)
    expect(page.get_by_text("Where is the sea?")).to_have_count(0)
    author.get_by_role("button", name="Submit again").press("Enter")
    expect(author.get_by_text("Waiting for a curator")).to_be_visible()
    curator.goto(f"{stack.url}/curate/")
    waiting.locator("summary", has_text="Accept").click()
    waiting.get_by_label("Title", exact=True).fill("Kite over the sea")
    waiting.get_by_role("button", name="Into the gallery").click()
    page.goto(f"{stack.url}/?q=kite")
    expect(page.get_by_role("link", name="Kite over the sea", exact=True)).to_be_visible()
    put_in_order(curator, stack)


def status_of(address: str) -> int:
    """What a stranger's script is answered. Hosts of artifacts are asked for by a header: not all systems find them."""
    parts = urlsplit(address)
    local = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl()
    return httpx2.get(local, headers={"Host": parts.netloc}, timeout=30, trust_env=False).status_code


def put_in_order(curator: Page, stack: Stack) -> None:
    """By dragging, and by the keyboard; both are there after the page is loaded again."""
    curator.goto(f"{stack.url}/curate/featured")
    names = curator.locator(".ordering .name > a")
    before = names.all_inner_texts()
    handles, rows = curator.locator(".ordering .handle"), curator.locator(".ordering li")
    last = rows.last.bounding_box()
    assert last
    handles.first.hover()
    curator.mouse.down()
    with curator.expect_response("**/curate/featured/order"):
        curator.mouse.move(last["x"] + 20, last["y"] + last["height"] - 4, steps=8)
        curator.mouse.up()
    dragged = [*before[1:], before[0]]
    expect(names).to_have_text(dragged)
    with curator.expect_response("**/curate/featured/order"):
        curator.get_by_role("button", name=f"Move {before[0]} up").press("Enter")
    expect(curator.get_by_role("status").filter(has_text=f"{before[0]} is now number")).to_be_attached()
    expect(curator.get_by_role("button", name=f"Move {before[0]} up")).to_be_focused()
    curator.reload()
    expect(names).to_have_text([*before[1:-1], before[0], before[-1]])
    check_accessibility(curator)


def test_a_finger_puts_in_order(stack: Stack, phone: Page) -> None:
    phone.goto(f"{stack.url}/curate/featured")
    names, rows = phone.locator(".ordering .name > a"), phone.locator(".ordering li")
    before = names.all_inner_texts()
    with phone.expect_response("**/curate/featured/order"), Finger(phone) as finger:
        finger.drag(middle_of(rows.first.locator(".handle")), lower_part_of(rows.nth(1)), lower_part_of(rows.nth(2)))
    expect(names).to_have_text([*before[1:3], before[0], *before[3:]])
    with phone.expect_response("**/curate/featured/order"), Finger(phone) as finger:
        finger.drag(middle_of(rows.first.locator(".handle")), (40, 500), (40, 838))  # the page scrolls along
        expect(names.last).to_have_text(before[1])
    phone.reload()
    expect(names).to_have_text([before[2], before[0], *before[3:], before[1]])
    with phone.expect_response("**/curate/featured/order"):
        phone.get_by_role("button", name=f"Move {before[0]} up").tap()
    expect(names).to_have_text([before[0], before[2], *before[3:], before[1]])
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def middle_of(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lower_part_of(row: Locator) -> tuple[float, float]:
    x, y = middle_of(row)
    return x, y + 10


def test_curating_without_scripts(stack: Stack, author: Page, plain_curator: Page, plain_visitor: Page) -> None:
    """Everything is a form; what would need scripts is not shown."""
    titles = ("Boat", "Lantern", "Bazaar")
    urls = {title: publish_files(author, stack, title, {"index.html": KITE}) for title in titles}
    for url in urls.values():
        author.goto(url)
        author.get_by_role("button", name="Submit to the gallery").press("Enter")
        expect(author.get_by_text("Waiting for a curator")).to_be_visible()

    decide(plain_curator, stack, "Boat", "Accept", "Title", "Boat at noon", "Into the gallery")
    decide(plain_curator, stack, "Lantern", "Decline", "Reason", "It gives no light.", "Decline it")
    decide(plain_curator, stack, "Bazaar", "Take down", "Reason", "It sells nothing.", "Take it down")
    plain_visitor.goto(f"{stack.url}/?q=boat")
    plain_visitor.get_by_role("link", name="Boat at noon", exact=True).click()
    like_and_report(plain_visitor)
    plain_visitor.goto(urls["Bazaar"])
    expect(plain_visitor.get_by_text("It sells nothing.")).to_be_visible()
    author.goto(urls["Lantern"])
    expect(author.get_by_text("It gives no light.")).to_be_visible()

    plain_curator.goto(f"{stack.url}/curate/reports")
    expect(plain_curator.get_by_text("It is a ship.")).to_be_visible()
    plain_curator.get_by_role("button", name="Dismiss Boat").click()
    expect(plain_curator.get_by_text("No reports")).to_be_visible()
    plain_curator.goto(f"{stack.url}/curate/takedowns")
    plain_curator.get_by_role("button", name="Put back Bazaar").click()
    plain_visitor.goto(urls["Bazaar"])
    expect(plain_visitor.get_by_role("heading", name="Bazaar")).to_be_visible()
    decide(plain_curator, stack, "Bazaar", "Decline", "Reason", "Not for the gallery.", "Decline it")  # it waits again
    expect(plain_curator.get_by_text("Nothing waits")).to_be_visible()

    plain_curator.goto(f"{stack.url}/curate/featured")
    names = plain_curator.locator(".ordering .name > a")
    before = names.all_inner_texts()
    expect(plain_curator.locator(".handle").first).to_be_hidden()
    expect(plain_curator.get_by_text("Use the arrows. The order is saved at once.", exact=True)).to_be_visible()
    expect(plain_curator.get_by_text("Drag by the handle")).to_be_hidden()
    plain_curator.get_by_role("button", name=f"Move {before[0]} down").click()
    expect(names).to_have_text([before[1], before[0], *before[2:]])


def decide(curator: Page, stack: Stack, title: str, decision: str, label: str, text: str, button: str) -> None:
    curator.goto(f"{stack.url}/curate/")
    case = curator.locator(".case").filter(has=curator.get_by_role("heading", name=title))
    case.locator("summary", has_text=decision).click()
    case.get_by_label(re.compile(f"^{label}(?! in )")).locator("visible=true").fill(text)
    case.get_by_role("button", name=button).click()
    expect(case).to_have_count(0)


def like_and_report(visitor: Page) -> None:
    """On a permalink. What would do nothing there is hidden."""
    expect(visitor.frame_locator("iframe").first.get_by_role("heading", name="Kite over the sea")).to_be_visible()
    box, window = visitor.locator("iframe").bounding_box(), visitor.viewport_size
    assert box
    assert window
    assert box["width"] == window["width"]
    assert box["height"] > window["height"] / 2
    visitor.get_by_role("button", name="Like 0").click()
    expect(visitor.get_by_role("button", name="Like 1")).to_have_attribute("aria-pressed", "true")
    visitor.get_by_text("Links, QR code").click()
    expect(visitor.get_by_role("textbox", name="Link to the latest version")).to_be_visible()
    expect(visitor.get_by_role("button", name="Copy")).to_have_count(0)
    visitor.get_by_role("link", name="Report this page").click()
    visitor.get_by_label("It deceives").check()
    visitor.get_by_label("Tell more").fill("It is a ship.")
    visitor.get_by_role("button", name="Send the report").click()
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_report_leads_to_a_takedown_that_closes_all_doors_at_once(
    stack: Stack, page: Page, author: Page, curator: Page
) -> None:
    url = publish_files(author, stack, "Bank of trust", {"index.html": KITE})
    stack.manage("shell", "-v", "0", "-c", ACCEPTED.format(id=id_of(url)))
    page.goto(url)
    expect(page.frame_locator("iframe").first.get_by_role("heading", name="Kite over the sea")).to_be_visible()
    frame = page.locator("iframe").first.get_attribute("src")
    assert frame
    doors = [
        url,
        frame,
        f"{stack.url}/embed/{id_of(url)}",
        f"{stack.url}/api/artifacts/{id_of(url)}/versions/1",
        f"{stack.url}/api/artifacts/{id_of(url)}/versions/1/export.html",
        f"{stack.url}/api/artifacts/{id_of(url)}/versions/1/export.zip",
    ]
    assert [status_of(door) for door in doors] == [200] * len(doors)
    page.get_by_role("link", name="Report this page").press("Enter")  # just scrolled, a mouse may still hit the frame
    expect(page.get_by_role("heading", name="Report this page")).to_be_visible()
    check_accessibility(page)
    page.get_by_label("It deceives").check()
    page.get_by_label("Tell more").fill("It asks for my PIN.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(url)

    curator.goto(f"{stack.url}/curate/reports")
    told = curator.locator(".case").filter(has=curator.get_by_role("heading", name="Bank of trust"))
    expect(told.get_by_text("It asks for my PIN.")).to_be_visible()
    told.locator("summary", has_text="Act").click()
    told.get_by_label("Reason").fill("It pretends to be a bank.")
    told.get_by_role("button", name="Take it down").click()
    expect(curator.get_by_text("No reports")).to_be_visible()

    time.sleep(1)  # for so long a process of the artifact hosts may still know it
    assert [status_of(door) for door in doors] == [410] * len(doors)
    page.reload()
    expect(page.get_by_text("It pretends to be a bank.")).to_be_visible()
    expect(page.get_by_text("Bank of trust")).to_have_count(0)
    page.goto(f"{stack.url}/?q=trust")
    expect(page.get_by_role("link", name="Bank of trust")).to_have_count(0)
    author.goto(url)
    expect(author.get_by_text("It is yours: “Bank of trust”.")).to_be_visible()
    curator.goto(f"{stack.url}/curate/takedowns")
    curator.get_by_role("button", name="Put back Bank of trust").click()
    time.sleep(1)
    assert [status_of(door) for door in doors] == [200] * len(doors)


def test_what_breaks_is_hidden_and_comes_back_by_a_repair_that_is_approved(
    stack: Stack, page: Page, author: Page, curator: Page
) -> None:
    url = publish_files(author, stack, "A clock", {"index.html": BLANK})
    stack.manage("shell", "-v", "0", "-c", ACCEPTED.format(id=id_of(url)) + DUE.format(id=id_of(url)))
    page.goto(f"{stack.url}/?q=clock")
    expect(page.get_by_role("link", name="A clock", exact=True)).to_be_visible()
    wait_until_broken(stack, id_of(url))
    page.reload()
    expect(page.get_by_role("link", name="A clock", exact=True)).to_have_count(0)
    author.goto(url)
    expect(author.get_by_text("It no longer works in our browser.")).to_be_visible()

    curator.goto(f"{stack.url}/curate/")
    curator.get_by_role("link", name="1 entry is broken.").click()
    curator.get_by_role("button", name="Order a repair A clock").click()
    expect(curator.get_by_text("A build is mending a copy of it.")).to_be_visible()
    publish = curator.get_by_role("button", name="Publish the repair")
    deadline = time.monotonic() + BUILD / 1000
    while not publish.is_visible() and time.monotonic() < deadline:
        curator.wait_for_timeout(2000)
        curator.reload()
    page.goto(url)
    expect(page.get_by_text("Orbit")).to_have_count(0)
    expect(page.frame_locator("iframe").first.get_by_role("heading", name="A clock")).to_be_visible()
    publish.click()
    expect(curator.get_by_text("Published as version 2.")).to_be_visible()
    expect(curator.get_by_text("All is well")).to_be_visible()
    page.goto(url)
    expect(page.frame_locator("iframe").first.get_by_role("heading", name="Orbit")).to_be_visible()
    page.goto(f"{stack.url}/?q=clock")
    expect(page.get_by_role("link", name="A clock", exact=True)).to_be_visible()


def wait_until_broken(stack: Stack, artifact: str) -> None:
    """Two checks by the worker. The beat tends the gallery, too; this is but sooner."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if stack.manage("shell", "-v", "0", "-c", TEND.format(id=artifact)).endswith("broken"):
            return
        time.sleep(1)
    pytest.fail("it was not found to be broken")
