"""The admin pages as django-unfold draws them: all works under our Content-Security-Policy, and nothing complains."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Stack, start_stack

PEOPLE = """
from django.contrib.auth.models import Group, Permission
from playground.accounts.models import User
User.objects.create_superuser("admin@example.com", "correct horse")
curator = User.objects.create_user("curator@example.com", "correct horse", is_staff=True)
curator.groups.add(Group.objects.get(name="Curators"))
curator.user_permissions.add(*Permission.objects.filter(content_type__app_label="gallery"))
"""
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
  console.error("policy", violatedDirective, blockedURI, sample))
"""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

type Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = start_stack(tmp_path_factory.mktemp("admin"))
    running.manage("shell", "-v", "0", "-c", PEOPLE)
    yield running
    running.stop()


@pytest.fixture
def enter(stack: Stack, browser: Browser) -> Iterator[Enter]:
    """Signs in on the admin pages. In the end nothing was said on any console."""
    said: list[str] = []
    contexts = []

    def listen(page: Page) -> None:
        page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))

    def sign_in(name: str, **options: object) -> Page:
        settings = {"locale": "en", "viewport": WIDE, "color_scheme": "light"} | options
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.add_init_script(TELL_VIOLATIONS)
        context.on("page", listen)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{stack.url}/admin/")
        page.get_by_label("E-mail address").fill(f"{name}@example.com")
        page.get_by_label("Password").fill("correct horse")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{stack.url}/admin/")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert said == []


def names_of(page: Page, links: str) -> list[str]:
    """Without their icons, which are words."""
    return [text.split("\n")[-1].strip() for text in page.locator(links).all_inner_texts()]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_every_page_of_the_sidebar_opens_and_the_theme_is_the_playgrounds(stack: Stack, enter: Enter) -> None:
    page = enter("admin")
    root = page.locator("html")
    expect(page.locator(".overview").get_by_role("heading", name="Gallery and curation")).to_be_visible()
    expect(page.get_by_role("link", name="Back to the playground")).to_have_attribute("href", "/")
    paths = page.locator("#nav-sidebar-apps a").evaluate_all("links => links.map((link) => link.pathname)")
    assert "/curate/" in paths
    for path in (path for path in paths if path.startswith("/admin/")):
        page.goto(f"{stack.url}{path}")
        expect(page.locator("#main h1")).to_be_visible()
        assert fits(page)

    page.goto(f"{stack.url}/admin/")
    expect(root).not_to_have_class("dark")
    page.locator("#nav-sidebar-inner").get_by_role("button", name="admin@example.com").press("Enter")
    page.get_by_role("button", name="Dark").click()
    expect(root).to_have_class("dark")
    dark = "getComputedStyle(document.querySelector('#main')).backgroundColor"
    assert page.evaluate(dark) == "rgb(20, 20, 20)"
    page.goto(stack.url)
    expect(root).to_have_attribute("data-theme", "dark")
    page.goto(f"{stack.url}/admin/")
    expect(root).to_have_class("dark")

    page.keyboard.press("Control+k")
    page.locator("#search-input-command").fill("tag")
    page.keyboard.press("Shift")  # the search is asked for when a key comes up
    expect(page.locator("#command-results a", has_text="Tags")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/gallery/tag/")


def test_entries_are_searched_filtered_and_featured(stack: Stack, enter: Enter) -> None:
    page = enter("admin")
    rows = page.locator("#result_list .data-row")
    page.goto(f"{stack.url}/admin/gallery/entry/")
    everything = rows.count()
    assert everything > 3
    page.locator("#searchbar").fill("fireworks")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.goto(f"{stack.url}/admin/gallery/entry/")
    page.get_by_role("button", name="Filters").press("Enter")
    page.locator("#changelist-filter").get_by_role("link", name="Waiting").click()
    expect(page.get_by_text("No results found")).to_be_visible()
    page.get_by_role("link", name="Reset filters").click()
    expect(rows).to_have_count(everything)

    globe = rows.filter(has_text="Globe")
    expect(globe.locator(".field-featured_from")).to_have_text("-")
    globe.get_by_role("checkbox").check()
    expect(page.get_by_text(f"1 of {everything} selected")).to_be_visible()
    page.get_by_label("Select action to run").select_option(label="Feature from now on")
    page.get_by_role("button", name="Run").click()
    expect(globe.locator(".field-featured_from")).not_to_have_text("-")
    page.goto(f"{stack.url}/admin/accounts/auditentry/")
    expect(page.locator("#result_list").get_by_text("Globe").first).to_be_visible()


def test_a_collection_is_made_with_an_entry_that_was_looked_up_in_a_window(stack: Stack, enter: Enter) -> None:
    page = enter("admin")
    page.goto(f"{stack.url}/admin/gallery/collection/add/")
    page.locator("#id_title").press_sequentially("Things that turn")
    expect(page.locator("#id_slug")).to_have_value("things-that-turn")
    page.get_by_role("link", name="Add another Membership").click()
    with page.expect_popup() as opened:
        page.locator("#lookup_id_memberships-0-entry").click()
    opened.value.locator("#result_list a", has_text="Globe").click()
    expect(page.locator("#id_memberships-0-entry")).not_to_have_value("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    page.locator("#result_list").get_by_role("link", name="Things that turn").click()
    page.locator("#id_title").fill("Things that spin")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("Things that spin")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Changed Title", exact=False).first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("Are you sure")).to_be_visible()


def test_a_tag_is_made_in_a_window_beside_the_entry_that_gets_it(stack: Stack, enter: Enter) -> None:
    page = enter("admin")
    page.goto(f"{stack.url}/admin/gallery/entry/")
    page.locator("#result_list .data-row th a", has_text="Globe").click()
    page.get_by_role("button", name="More").first.press("Enter")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add another tag").click()
    opened.value.locator("#id_name").press_sequentially("Maps")
    expect(opened.value.locator("#id_slug")).to_have_value("maps")
    opened.value.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#id_tags_to option", has_text="Maps")).to_be_attached()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def test_on_a_phone_the_sidebar_comes_when_it_is_asked_for(stack: Stack, enter: Enter) -> None:
    page = enter("admin", viewport=PHONE, color_scheme="dark")
    sidebar = page.locator("#nav-sidebar")
    expect(page.locator("html")).to_have_class("dark")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Sidebar").click()
    expect(sidebar).to_be_visible()
    sidebar.get_by_role("button", name="Close").click()
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Sidebar").press("Enter")
    sidebar.get_by_role("link", name="Users").click()
    expect(page.locator("#result_list")).to_be_visible()
    assert fits(page)
    page.locator("#result_list .data-row th a", has_text="curator").click()
    expect(page.locator("#id_email")).to_be_visible()
    assert fits(page)


def test_a_curator_of_the_staff_sees_the_gallery_alone(stack: Stack, enter: Enter) -> None:
    page = enter("curator")
    names = ["Overview", "Curate", "Back to the playground", "Gallery entries", "Collections", "Tags", "Race board"]
    assert names_of(page, "#nav-sidebar-apps a") == names
    assert names_of(page, ".overview section a") == names[3:]
    for path in ("accounts/user/", "gateway/endpoint/", "curation/policy/", "accounts/auditentry/"):
        assert page.request.get(f"{stack.url}/admin/{path}").status == 403
    page.goto(f"{stack.url}/admin/gallery/tag/")
    expect(page.locator("#result_list")).to_be_visible()
