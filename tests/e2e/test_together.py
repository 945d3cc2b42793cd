"""A conversation that several have open: the same stream for all, wishes in order, who is there, and an end of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Node, Stack, second_node, start_stack
from tests.e2e.test_people import check_accessibility
from tests.e2e.workbench import make_wish, preview, wait_for_version
from tests.upstream import Upstream

END = "</script>"  # of the ball


@pytest.fixture(scope="module")
def model() -> Iterator[Upstream]:
    with Upstream.in_thread() as running:
        running.delay = 0.01
        yield running


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory, model: Upstream) -> Iterator[Stack]:
    running = start_stack(
        tmp_path_factory.mktemp("together"),
        OPENAI_BASE_URL=model.base_url,
        OPENAI_API_KEY="sk-test",
        OPENAI_MODEL="good",
    )
    yield running
    running.stop()


@pytest.fixture
def second(playground: Stack) -> Iterator[Node]:
    with second_node(playground) as running:
        yield running


@pytest.fixture
def owner(page: Page, playground: Stack, model: Upstream) -> Iterator[Page]:
    """Signed up by the name of ada, with a first wish that is being answered until `model` is let go."""
    name = f"ada{page.evaluate('Date.now()')}@example.com"
    page.goto(f"{playground.url}/accounts/signup/")
    page.get_by_label("Email").fill(name)
    page.get_by_label("Password").fill("a difference engine")
    page.get_by_role("button", name="Sign up").click()
    page.goto(f"{playground.url}/new")
    with model.held(END):
        make_wish(page, "a ball that swings")
        expect(page).to_have_url(re.compile("/c/"))
        yield page


@pytest.fixture
def other(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[Page]:
    """In another browser, without an account."""
    context = browser.new_context(**browser_context_args)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def share(page: Page, link: str) -> str:
    """Turn the link on; its address."""
    page.get_by_role("button", name="Watch together").click()
    page.get_by_role("switch", name=link).check()
    address = page.get_by_role("textbox", name=f"Address: {link}").input_value()
    page.keyboard.press("Escape")
    return address


def wishes(page: Page) -> list[str]:
    return page.locator("article .wish > p").all_inner_texts()


def test_two_write_in_one_conversation(
    second: Node, owner: Page, other: Page, playground: Stack, model: Upstream
) -> None:
    """Each on a process of their own."""
    address = share(owner, "Link to write along")
    other.goto(address.replace(playground.url, second.url))
    expect(other).to_have_url(owner.url.replace(playground.url, second.url))
    expect(other.get_by_text("ada")).not_to_have_count(0)
    for page in (owner, other):
        expect(page.get_by_role("button", name="Who is here: 2 here")).to_be_visible()
        expect(page.get_by_role("button", name="index.html Writing")).to_be_visible()
        expect(page.get_by_role("button", name="Version 1", exact=True)).to_have_count(0)
        make_wish(page, "make it blue" if page is owner else "make it round")
    for page in (owner, other):
        queue = page.get_by_role("region", name="2 wishes wait")
        expect(queue.get_by_role("listitem")).to_have_text([re.compile("make it blue"), re.compile("make it round")])
        check_accessibility(page)
    expect(owner.get_by_role("button", name="Take back: make it round")).to_be_visible()
    expect(other.get_by_role("button", name="Take back: make it blue")).to_have_count(0)
    make_wish(other, "make it vanish")
    other.get_by_role("button", name="Take back: make it vanish").click()
    model.hold = None
    for page in (owner, other):
        expect(page.get_by_text("make it vanish")).to_have_count(0)
        for number in (1, 2, 3):
            wait_for_version(page, number)
        assert wishes(page) == ["a ball that swings", "make it blue", "make it round"]
        expect(page.get_by_role("region", name="wait")).to_have_count(0)
    expect(owner.get_by_role("heading", name="Guest", level=2)).to_be_visible()
    expect(other.get_by_role("heading", name="You", level=2)).to_be_visible()
    owner.get_by_role("button", name="Rename: ").first.click()
    owner.get_by_role("textbox", name="Rename").fill("The swinging ball")
    owner.keyboard.press("Enter")
    expect(other).to_have_title(re.compile("The swinging ball"))
    second.process.kill()  # nobody says goodbye
    expect(owner.get_by_text("Nobody else is here now.")).to_be_visible(timeout=20_000)


def test_a_viewer_looks_on_until_the_link_is_turned_off(
    owner: Page, other: Page, browser: Browser, playground: Stack, model: Upstream
) -> None:
    address = share(owner, "Link to watch")
    stranger = browser.new_page()
    refusal = stranger.goto(owner.url)
    assert refusal
    assert refusal.status == 404
    stranger.close()
    other.goto(f"{playground.url}/new")  # a tab that was there before finds it by its list, too
    other.goto(address)
    expect(other.get_by_text("You are watching.")).to_be_visible()
    expect(other.get_by_role("textbox", name="Your wish")).to_have_count(0)
    expect(other.get_by_role("button", name="Stop")).to_have_count(0)
    expect(preview(other).locator("canvas")).to_be_visible()
    expect(other.get_by_role("button", name="index.html Writing")).to_be_visible()  # the page is live
    model.hold = None
    wait_for_version(other)
    expect(other.locator("article").get_by_role("button", name="Again", exact=True)).to_have_count(0)
    check_accessibility(other)
    other.get_by_role("tab", name="Code").click()
    expect(other.get_by_text("requestAnimationFrame").first).to_be_visible()
    conversation = other.url
    other.goto(f"{playground.url}/new")
    other.get_by_role("link", name=re.compile("a ball that swings")).click()
    expect(other).to_have_url(conversation)
    expect(owner.get_by_role("button", name="Who is here: 2 here")).to_be_visible()

    with model.held(END):
        make_wish(owner, "make it blue")
        expect(other.get_by_text("make it blue")).to_be_visible()  # pushed
        owner.get_by_role("button", name="Watch together").click()
        owner.get_by_role("switch", name="Link to watch").uncheck()
        expect(other.get_by_text("not shared with you, or not any more")).to_be_visible()
        expect(other.locator("article")).to_have_count(0)
        expect(other.locator("iframe")).to_have_count(0)
        expect(other.get_by_text("Shared with me")).to_have_count(0)
    refusal = other.goto(conversation)
    assert refusal
    assert refusal.status == 404
    other.goto(address)
    expect(other.get_by_role("heading", name="This link leads nowhere any more")).to_be_visible()
    wait_for_version(owner, 2)
