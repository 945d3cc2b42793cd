"""A permalink that is sent around: to a visitor, to somebody with the password and without, and into another site."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

import micawber
from linkpreview import link_preview
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.publishing import document, publish, publish_files
from tests.e2e.stack import Stack
from tests.e2e.test_people import check_accessibility

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
COUNTER = """<h1>Lantern festival</h1><button onclick="this.textContent = ++n + ' lit'">Light one</button>
<script>let n = 0;</script>"""
SCREENSHOT = """
from io import BytesIO
from PIL import Image, ImageDraw
from playground.artifacts.blobs import put_blob
from playground.artifacts.models import Version
from playground.checks.models import Check
picture = Image.new("RGB", (1280, 800), "#1d2440")
for n in range(40):
    x, y = n * 211 % 1200, n * 97 % 700
    ImageDraw.Draw(picture).ellipse((x, y, x + 90, y + 110), fill="#f2a03d")
target = BytesIO()
picture.save(target, "WEBP")
version = Version.objects.get(artifact="{id}", number=1)
blob = put_blob(target.getvalue())
Check.objects.create(version=version, state="done", verdict="works_well", pictures={{"2": blob, "thumbnail": blob}})
"""
EXPIRE = """
from datetime import timedelta
from django.utils import timezone
from playground.artifacts.models import Artifact
Artifact.objects.filter(pk="{id}").update(expires_at=timezone.now() - timedelta(minutes=1))
"""


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """A page of another origin, and of another site: the playground is at localhost."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def somebody_else(browser: Browser, *, has_scripts: bool = True) -> Iterator[Page]:
    """In a browser that says that it is one: headless ones do not count as people."""
    context = browser.new_context(
        user_agent=FIREFOX,
        locale="en-US",
        viewport={"width": 1440, "height": 900},
        java_script_enabled=has_scripts,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    context.close()


def artifact_frame(page: Page | FrameLocator) -> FrameLocator:
    return page.frame_locator("[data-artifact] iframe")


def id_of(url: str) -> str:
    return url.rpartition("/")[2]


def read(url: str) -> tuple[int, bytes]:
    with urlopen(url) as answer:
        return answer.status, answer.read()


def set_through_share_panel(page: Page, password: str) -> None:
    """In the workbench, as the owner."""
    page.get_by_role("button", name="Open in workbench").click()
    expect(page).to_have_url(re.compile("/c/"))
    page.get_by_role("button", name="Share").last.click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Set", exact=True).first.click()
    expect(page.get_by_text("A password is asked for.")).to_be_visible()


def test_visitors_look_like_and_copy(page: Page, stack: Stack, browser: Browser, screenshots: Path) -> None:
    url = publish(page, stack, COUNTER)
    stack.manage("shell", "-c", SCREENSHOT.format(id=id_of(url)))
    with somebody_else(browser) as visitor:
        for _reload in range(3):
            visitor.goto(url)
        expect(artifact_frame(visitor).get_by_role("heading")).to_have_text("Lantern festival")
        expect(visitor.get_by_text("1 view", exact=False)).to_be_visible()
        artifact_frame(visitor).get_by_role("button").click()
        like = visitor.get_by_role("button", name="Like")
        like.click()
        expect(like).to_have_text("Like 1")
        expect(like).to_have_attribute("aria-pressed", "true")
        expect(artifact_frame(visitor).get_by_role("button")).to_have_text("1 lit")  # nothing was loaded again
        visitor.locator("#share summary").press("Enter")
        expect(visitor.get_by_label("Link to the latest version")).to_have_value(url)
        expect(visitor.get_by_label("Link to version 1")).to_have_value(f"{url}/v/1")
        expect(visitor.get_by_role("img", name="QR code of the link")).to_be_visible()
        check_accessibility(visitor)
        visitor.screenshot(path=screenshots / "permalink.png", full_page=True)
        expect(visitor.get_by_text("Who may open it")).not_to_be_visible()
    with somebody_else(browser, has_scripts=False) as plain:
        plain.goto(url)
        plain.get_by_role("button", name="Like").click()
        expect(plain.get_by_role("button", name="Like")).to_have_text("Like 2")
        plain.get_by_role("button", name="Like").click()
        expect(plain.get_by_role("button", name="Like")).to_have_text("Like 1")


def test_a_password_keeps_strangers_out(page: Page, stack: Stack, browser: Browser) -> None:
    url = publish(page, stack, COUNTER)
    set_through_share_panel(page, "open sesame")
    page.reload()
    expect(page.frame_locator("section iframe").get_by_role("heading")).to_have_text("Lantern festival")
    page.goto(url)  # the owner is not asked
    expect(artifact_frame(page).get_by_role("heading")).to_have_text("Lantern festival")
    with somebody_else(browser) as stranger:
        answer = stranger.goto(url)
        assert answer
        assert answer.status == 403
        expect(stranger.get_by_role("heading", name="This page opens with a password")).to_be_visible()
        check_accessibility(stranger)
        stranger.get_by_label("Password").fill("open barley")
        stranger.get_by_role("button", name="Open it").click()
        expect(stranger.get_by_role("alert")).to_have_text("This is not the password.")
        assert stranger.request.get(f"{stack.url}/api/artifacts/{id_of(url)}").status == 403
        stranger.get_by_label("Password").fill("open sesame")
        stranger.get_by_role("button", name="Open it").click()
        expect(stranger).to_have_url(url)
        expect(artifact_frame(stranger).get_by_role("heading")).to_have_text("Lantern festival")
        assert re.search(r"\.localhost:\d+/s/", str(stranger.locator("[data-artifact] iframe").get_attribute("src")))
        stranger.reload()
        expect(artifact_frame(stranger).get_by_role("heading")).to_have_text("Lantern festival")


def test_an_expired_link_says_so_and_its_owner_extends_it(page: Page, stack: Stack, browser: Browser) -> None:
    url = publish(page, stack, COUNTER)
    stack.manage("shell", "-c", EXPIRE.format(id=id_of(url)))
    with somebody_else(browser) as stranger:
        answer = stranger.goto(url)
        assert answer
        assert answer.status == 410
        expect(stranger.get_by_role("heading", name="This link has expired")).to_be_visible()
        check_accessibility(stranger)
        page.goto(url)
        expect(artifact_frame(page).get_by_role("heading")).to_have_text("Lantern festival")
        expect(page.get_by_text("expired on")).to_be_visible()
        check_accessibility(page)
        page.get_by_label("Opens until").fill("2099-01-01T12:00")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Changed.")).to_be_visible()
        stranger.reload()
        expect(artifact_frame(stranger).get_by_role("heading")).to_have_text("Lantern festival")


def test_another_site_shows_it(page: Page, stack: Stack, browser: Browser, screenshots: Path) -> None:
    """By its oEmbed, as a consumer reads it; what an artifact may do there is what it may do here."""
    url = publish_files(page, stack, "Lantern festival", {"index.html": document(COUNTER)})
    stack.manage("shell", "-c", SCREENSHOT.format(id=id_of(url)))
    registry = micawber.ProviderRegistry()
    registry.register(rf"{re.escape(stack.url)}/a/\S+", micawber.Provider(f"{stack.url}/oembed"))
    facts = registry.request(url, maxwidth=640, maxheight=400)
    assert (facts["type"], facts["title"], facts["width"]) == ("rich", "Lantern festival", 640)
    with another_site(f"<!doctype html><title>A blog</title><h1>My blog</h1>{facts['html']}") as blog:
        with somebody_else(browser) as reader:
            reader.goto(blog)
            embed = reader.frame_locator("iframe")
            expect(embed.get_by_role("heading", name="Lantern festival")).to_be_visible()
            expect(embed.locator(".poster img")).to_have_js_property("complete", True)
            assert embed.locator(".poster img").evaluate("image => image.naturalWidth") == 1280
            assert len(reader.frames) == 2  # nothing of the artifact runs yet
            reader.screenshot(path=screenshots / "embed-poster.png")
            embed.get_by_role("link", name="Run").click()
            lantern = artifact_frame(embed)
            lantern.get_by_role("button", name="Light one").click()
            expect(lantern.get_by_role("button")).to_have_text("1 lit")
            reader.screenshot(path=screenshots / "embed-running.png")
        with somebody_else(browser) as reader:
            reader.goto(f"{stack.url}/embed/{id_of(url)}")
            check_accessibility(reader)
            reader.goto(url)
            expect(reader.get_by_text("1 view", exact=False)).to_be_visible()  # one person, there and here
    with another_site(f'<!doctype html><iframe src="{url}"></iframe>') as blog, somebody_else(browser) as reader:
        with reader.expect_response(url) as answer:
            reader.goto(blog)
        assert answer.value.status == 403  # the permalink itself is framed by nobody


def test_a_chat_shows_its_picture(page: Page, stack: Stack, screenshots: Path) -> None:
    url = publish_files(page, stack, "Lantern festival", {"index.html": document(COUNTER)})
    stack.manage("shell", "-c", SCREENSHOT.format(id=id_of(url)))
    preview = link_preview(url)
    assert (preview.title, preview.site_name) == ("Lantern festival", "Playground")
    assert preview.description
    status, picture = read(preview.image)
    assert status == 200
    (screenshots / "card.jpg").write_bytes(picture)
    links = re.findall(r'type="application/json\+oembed" href="([^"]+)"', read(url)[1].decode())
    assert json.loads(read(links[0].replace("&amp;", "&"))[1])["title"] == "Lantern festival"


def test_nothing_of_the_owners_page_sticks_out(page: Page, stack: Stack, screenshots: Path) -> None:
    url = publish(page, stack, COUNTER)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width, colours in product((1440, 390), schemes):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=colours)
        page.goto(url)
        page.evaluate("for (const part of document.querySelectorAll('details.panel')) part.open = true")
        expect(artifact_frame(page).get_by_role("heading")).to_have_text("Lantern festival")
        page.screenshot(path=screenshots / f"permalink-owner-{width}-{colours}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        check_accessibility(page)
