"""A person's own pages: settings, sign-ins, the export, the public page, and both ends of an account."""

import io
import json
import re
import secrets
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Stack, start_stack
from tests.e2e.test_people import check_accessibility

PASSWORD = "correct horse battery"
WORK = "<!doctype html><html lang='en'><head><title>Work</title></head><body><h1>{}</h1></body></html>"


NAMES = ("eve", "grace", "delete", "leave")
_MAKE = """
import json
from playground.accounts.models import ApiToken, User
made = [User.objects.create_user(f"{{name}}@example.com", "{password}") for name in {names}]
print(json.dumps([ApiToken.objects.issue(user, "test")[1] for user in made]))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = start_stack(tmp_path_factory.mktemp("people"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def tokens(place: Stack) -> dict[str, str]:
    """Members, `NAME@example.com`, each with a token."""
    return join(place, *NAMES)


@pytest.fixture
def ada(place: Stack) -> tuple[str, str]:
    """A member's name and token: another one each time, for she changes much."""
    ((name, token),) = join(place, f"ada{secrets.token_hex(3)}").items()
    return name, token


def join(stack: Stack, *names: str) -> dict[str, str]:
    made = stack.manage("shell", "-v", "0", "-c", _MAKE.format(password=PASSWORD, names=names))
    return dict(zip(names, json.loads(made), strict=True))


def publish(stack: Stack, token: str, title: str, visibility: str) -> str:
    """The permalink."""
    body = {"title": title, "files": {"index.html": WORK.format(title)}, "visibility": visibility}
    headers = {"Authorization": f"Bearer {token}"}
    return str(httpx2.post(f"{stack.url}/api/artifacts", json=body, headers=headers, timeout=60).json()["url"])


def sign_in(browser: Browser, stack: Stack, name: str, **options: object) -> Page:
    page = browser.new_context(locale="en-US", **options).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(20_000)
    page.goto(f"{stack.url}/accounts/login/")
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    page.goto(f"{stack.url}/settings/")
    return page


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """What a task in the background brings about."""
    for _attempt in range(30):
        if is_so():
            return
        page.wait_for_timeout(2_000)
    raise AssertionError("it did not come about")


def delete_account(page: Page, stack: Stack, choice: str) -> None:
    page.goto(f"{stack.url}/settings/delete")
    page.get_by_label(choice).check()
    page.get_by_label("Your password").fill("not it")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was deleted")
    expect(page.get_by_label(choice)).to_be_checked()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()


@pytest.mark.usefixtures("tokens")
def test_settings_are_a_persons_own(browser: Browser, place: Stack, ada: tuple[str, str], screenshots: Path) -> None:
    name, token = ada
    publish(place, token, "Lanterns", "public")
    publish(place, token, "A secret", "private")
    page = sign_in(browser, place, name, viewport={"width": 1440, "height": 900})
    page.get_by_label("Handle").fill("Admin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is taken")).to_be_visible()
    page.get_by_label("Handle").fill(name.title())
    page.get_by_label("Display name").fill("Ada Lovelace")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Look at your page").click()
    expect(page).to_have_url(re.compile(f"/u/{name}$"))
    expect(page.get_by_role("link", name="Lanterns")).to_be_visible()
    expect(page.get_by_text("A secret")).to_have_count(0)
    check_accessibility(page)
    page.goto(f"{place.url}/settings/")

    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    check_accessibility(page)
    page.get_by_role("button", name="As the system").click()

    page.get_by_label("Address of a new webhook").fill("https://127.0.0.1:9/hook")
    page.get_by_role("button", name="Add the webhook").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Send a test").click()
    hook = page.get_by_role("article", name="https://127.0.0.1:9/hook")

    def told() -> bool:
        page.reload()
        hook.locator("summary").click()
        return hook.get_by_text("private network").is_visible()

    wait_until(page, told)
    expect(page.get_by_text("whsec_")).to_have_count(0)
    check_accessibility(page)
    page.screenshot(path=screenshots / "settings-1440.png", full_page=True)

    with page.expect_navigation():
        page.get_by_role("button", name="Export my data").click()
    link = page.get_by_role("link", name=re.compile("^Download"))

    def ready() -> bool:
        page.reload()
        return link.is_visible()

    wait_until(page, ready)
    with page.expect_download() as download:
        link.click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    titles = {json.loads(archive.read(name))["title"] for name in archive.namelist() if name.endswith("artifact.json")}
    assert titles == {"Lanterns", "A secret"}
    address = link.evaluate("link => link.href")

    eve = sign_in(browser, place, "eve", viewport={"width": 390, "height": 800})
    answer = eve.request.get(address)
    assert answer.status == 404
    expect(eve.get_by_text("127.0.0.1:9")).to_have_count(0)
    expect(eve.get_by_text("Ada")).to_have_count(0)
    check_accessibility(eve)
    eve.context.close()
    page.context.close()


@pytest.mark.usefixtures("tokens")
def test_signing_out_everywhere_else(browser: Browser, place: Stack) -> None:
    here, there = (sign_in(browser, place, "grace") for _ in range(2))
    there.reload()
    here.reload()
    expect(here.get_by_text("this device")).to_be_visible()
    here.get_by_role("button", name="Sign out everywhere else").click()
    expect(here.get_by_text("signed out everywhere else")).to_be_visible()
    there.reload()
    expect(there).to_have_url(re.compile("/accounts/login/"))
    here.reload()
    expect(here.get_by_role("heading", name="Settings")).to_be_visible()
    for page in (here, there):
        page.context.close()


@pytest.mark.parametrize("choice", ["Delete everything", "Leave my public work"])
def test_an_account_ends(browser: Browser, place: Stack, tokens: dict[str, str], choice: str) -> None:
    name = choice.split()[0].lower()
    token = tokens[name]
    public, linked = (publish(place, token, f"{kind} of {name}", kind) for kind in ("public", "link"))
    page = sign_in(browser, place, name)
    other = sign_in(browser, place, name)
    check_accessibility(page)
    delete_account(page, place, choice)
    check_accessibility(page)
    other.reload()
    expect(other).to_have_url(re.compile("/accounts/login/"))
    refused = httpx2.get(f"{place.url}/api/conversations", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 401
    assert httpx2.get(linked).status_code == 404
    visitor = browser.new_context(locale="en-US").new_page()
    answer = visitor.goto(public)
    assert answer
    if choice == "Delete everything":
        assert answer.status == 404
    else:
        expect(visitor.get_by_text("Deleted user")).to_be_visible()
        expect(visitor.frame_locator("iframe").get_by_role("heading", name=f"public of {name}")).to_be_visible()
    gone = "from playground.people.models import Deletion; print(Deletion.objects.count())"
    wait_until(visitor, lambda: place.manage("shell", "-v", "0", "-c", gone) == "0")
    for each in (page, other, visitor):
        each.context.close()
