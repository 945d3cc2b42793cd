"""Takes the README's pictures into `docs/`, on a playground of its own: `.venv/bin/python -m tests.e2e.pictures`."""

import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from playground.reel.clips import load_clips
from tests.e2e.conftest import FLAGS, find_browser
from tests.e2e.stack import ROOT, Stack, start_stack
from tests.e2e.workbench import make_wish, wait_for_version

WIDTH, HEIGHT = 1440, 900
MOST = 250_000  # bytes of a picture
# Two people, and what one of them has submitted: her own versions of two demos.
SCENE = """
from django.contrib.auth.models import Group
from playground.accounts.models import User
from playground.artifacts.services import remix_version
from playground.checks.services import order_check
from playground.checks.tasks import wake_worker
from playground.gallery.models import Demo
from playground.gallery.services import submit
alma = User.objects.create_user("alma@example.com", "correct horse", name="Alma")
User.objects.create_user("curator@example.com", "correct horse", name="Jun").groups.add(
    Group.objects.get(name="Curators")
)
order_check(Demo.objects.get(slug="fireworks").artifact.latest)
for slug, title in (("emoji-gravity", "Emoji rain for Mia"), ("globe", "A quieter planet")):
    version = remix_version(version=Demo.objects.get(slug=slug).artifact.latest, owner=alma)
    order_check(version)
    artifact = version.artifact
    artifact.title = title
    artifact.save()
    submit(artifact, alma)
wake_worker()
"""
MADE = """
from playground.artifacts.models import Artifact
print(Artifact.objects.get(owner__name="Alma", remixed_from=None).pk)
"""


def take_pictures(stack: Stack, browser: Browser) -> None:
    stack.manage("shell", "--no-imports", "-c", SCENE)
    _take_gallery(_open(browser, stack))
    _take_replay(_sign_in(browser, stack, "alma"), stack)
    _take_permalink(_open(browser, stack))
    _take_queue(_sign_in(browser, stack, "curator"), stack)


def _take_gallery(page: Page) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 1150})
    page.wait_for_load_state("networkidle")
    _keep(page, "gallery")


def _take_replay(page: Page, stack: Stack) -> None:
    """While its page is written."""
    make_wish(page, next(clip.prompt["en"] for clip in load_clips() if clip.slug == "bookstore"))
    wait_for_version(page)
    page.goto(f"{stack.url}/a/{stack.manage('shell', '--no-imports', '-c', MADE)}/replay")
    place = page.get_by_role("slider", name="Place in the film")
    expect(place).to_be_visible()
    page.keyboard.press("k")
    moment = round(float(place.get_attribute("max") or 0) / 1000 * 0.6, 1)
    page.evaluate("(moment) => (location.hash = `#t=${moment}`)", moment)
    page.wait_for_timeout(3_000)
    _keep(page, "replay")


def _take_permalink(page: Page) -> None:
    """With the badge of its check, and the recipe."""
    page.get_by_role("link", name="Fireworks", exact=True).click()
    _wait_for_checks(page)
    expect(page.locator("#check summary")).to_contain_text("Works well")
    page.locator(".recipe").evaluate("(recipe) => recipe.scrollIntoView({ block: 'end' })")
    page.wait_for_timeout(6_000)  # by then rockets are in the air
    _keep(page, "permalink")


def _take_queue(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/curate/")
    _wait_for_checks(page)
    page.locator(".preview summary").first.click()
    page.wait_for_timeout(5_000)
    _keep(page, "curate")


def _wait_for_checks(page: Page) -> None:
    until = time.monotonic() + 300
    while page.get_by_text("Being checked").count() and time.monotonic() < until:
        page.wait_for_timeout(3_000)
        page.reload()


def _open(browser: Browser, stack: Stack) -> Page:
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US").new_page()
    page.goto(stack.url)
    return page


def _sign_in(browser: Browser, stack: Stack, name: str) -> Page:
    page = _open(browser, stack)
    page.goto(f"{stack.url}/accounts/login/")
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new")
    page.goto(stack.url)  # which tells that one is signed in, once
    return page


def _keep(page: Page, name: str) -> None:
    with Image.open(BytesIO(page.screenshot())) as picture:
        for quality in (90, 80, 70, 60):
            target = BytesIO()
            picture.convert("RGB").save(target, "WEBP", quality=quality, method=6)
            if target.tell() <= MOST:
                break
    (ROOT / "docs" / f"{name}.webp").write_bytes(target.getvalue())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        running = start_stack(Path(data), PLAYGROUND_REEL_SPEED="1000")
        try:
            take_pictures(running, playwright.chromium.launch(executable_path=find_browser(), args=FLAGS))
        finally:
            running.stop()
