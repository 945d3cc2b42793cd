"""What other sites get: the picture of a link, oEmbed, and the page for their frames."""

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as xml

import pytest
from asgiref.sync import async_to_sync
from django.test import Client, override_settings
from django.utils import timezone
from linkpreview import link_preview
from PIL import Image

from playground.accounts.models import User
from playground.artifacts.access import set_password, unlock
from playground.artifacts.blobs import put_blob
from playground.artifacts.models import Artifact, Version, Visibility
from playground.artifacts.services import Origin, add_version, create_artifact
from playground.checks.models import Check, State
from playground.gallery import cards
from tests.conftest import HostClient

pytestmark = pytest.mark.django_db(transaction=True)

APP = "http://localhost:8000"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ELSEWHERE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}


def screenshot(colour: str) -> str:
    target = BytesIO()
    Image.new("RGB", (1280, 800), colour).save(target, "WEBP")
    return put_blob(target.getvalue())


@pytest.fixture
def version(alice: User) -> Version:
    origin = Origin(prompt="A lantern that\nsways")
    files = {"index.html": b"<h1>Hi"}
    version = create_artifact(
        owner=alice, title='Lantern & "light" 元宵', files=files, visibility=Visibility.PUBLIC, origin=origin
    )
    pictures = {"2": screenshot("#ff0000"), "thumbnail": screenshot("#00ff00")}
    Check.objects.create(version=version, state=State.DONE, pictures=pictures)
    return version


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def close(version: Version, how: str) -> None:
    artifact = version.artifact
    if how == "password":
        set_password(artifact, "open sesame")
    elif how == "private":
        Artifact.objects.update(visibility=Visibility.PRIVATE)
    else:
        Artifact.objects.update(expires_at=timezone.now() - timedelta(minutes=1))


def card(version: Version, **headers: str) -> Any:
    return Client().get(f"{version.get_absolute_url()}/card.jpg", headers=headers)


# ------------------------------------------------------------------------------------- pictures


def test_the_picture_is_made_of_the_screenshot(version: Version) -> None:
    answer = card(version)
    picture = Image.open(BytesIO(answer.content))
    assert (answer["Content-Type"], picture.format, picture.size) == ("image/jpeg", "JPEG", (1200, 630))
    red, green, blue = picture.convert("RGB").getpixel((600, 200))  # type: ignore[misc]
    assert red > 240
    assert max(green, blue) < 20
    assert card(version, **{"if-none-match": answer["ETag"]}).status_code == 304
    assert card(version, **{"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}).status_code == 200
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "X-Robots-Tag" not in answer
    Artifact.objects.update(visibility=Visibility.LINK)
    assert card(version)["X-Robots-Tag"] == "noindex"


def test_another_screenshot_is_another_picture(version: Version) -> None:
    before = card(version)
    Check.objects.update(pictures={"5": screenshot("#0000ff")})
    after = card(version)
    assert before["ETag"] != after["ETag"]
    assert before.content != after.content


@pytest.mark.parametrize("title", ["Lantern", "元宵节的灯笼", "🎆🎆", "W" * 200, "word " * 40, "مرحبا"])
def test_any_title_makes_a_picture(title: str) -> None:
    target = BytesIO()
    Image.new("RGB", (390, 844), "#ff0000").save(target, "WEBP")
    for screenshots in ([], [target.getvalue()]):
        picture = Image.open(BytesIO(cards.draw_card(title, "Alice · Playground", screenshots)))
        assert picture.size == cards.SIZE


def test_without_a_screenshot_there_is_a_designed_picture(version: Version) -> None:
    Check.objects.all().delete()
    picture = Image.open(BytesIO(card(version).content)).convert("RGB")
    assert len(picture.getcolors(picture.width * picture.height) or []) > 50  # something is written on it


@pytest.mark.parametrize("how", ["password", "private", "expired"])
def test_what_is_not_for_everybody_has_no_picture(version: Version, alice: User, how: str) -> None:
    assert 'property="og:image"' in Client().get(version.get_absolute_url()).content.decode()
    close(version, how)
    assert card(version).status_code == 404
    assert client_of(alice).get(f"{version.get_absolute_url()}/card.jpg").status_code == 404
    html = client_of(alice).get(version.get_absolute_url()).content.decode()
    assert 'property="og:image"' not in html
    assert "oembed" not in html
    assert "&lt;iframe" not in html


def test_a_parser_of_open_graph_understands_the_page(version: Version) -> None:
    page = Client().get(version.artifact.get_absolute_url())
    preview = link_preview(f"{APP}{version.artifact.get_absolute_url()}", content=page.content.decode())
    assert preview.title == 'Lantern & "light" 元宵'
    assert preview.description == "A lantern that sways"
    assert preview.site_name == "Playground"
    assert preview.image.startswith(f"{APP}{version.get_absolute_url()}/card.jpg?v=")
    assert Client().get(preview.image.removeprefix(APP)).status_code == 200


# --------------------------------------------------------------------------------------- oEmbed


def ask(url: str, **query: object) -> Any:
    return Client().get(f"/oembed?{urlencode({'url': url, **query})}")


def test_oembed_in_json(version: Version) -> None:
    answer = ask(f"{APP}/a/{version.artifact_id}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    facts = answer.json()
    assert (facts["version"], facts["type"], facts["title"]) == ("1.0", "rich", 'Lantern & "light" 元宵')
    assert (facts["author_name"], facts["provider_url"]) == ("alice", f"{APP}/")
    assert (facts["width"], facts["height"]) == (800, 500)
    assert f'src="{APP}/embed/{version.artifact_id}"' in facts["html"]
    assert 'title="Lantern &amp; &quot;light&quot; 元宵"' in facts["html"]
    assert (facts["thumbnail_width"], facts["thumbnail_height"]) == (1200, 630)
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_oembed_in_xml_says_the_same(version: Version) -> None:
    Artifact.objects.update(title="<b>\x0bbold</b>")
    facts = ask(f"{APP}/a/{version.artifact_id}").json()
    answer = ask(f"{APP}/a/{version.artifact_id}", format="xml")
    assert answer["Content-Type"].startswith("text/xml")
    told = {child.tag: child.text or "" for child in xml.fromstring(answer.content)}
    assert told == {name: str(value).replace("\x0b", "") for name, value in facts.items()}


def test_oembed_of_a_version_embeds_that(version: Version, alice: User) -> None:
    add_version(artifact=version.artifact, author=alice, files={"index.html": b"<h1>Two"})
    for path in (
        f"/a/{version.artifact_id}/v/1",
        f"/embed/{version.artifact_id}/v/1",
        f"/a/{version.artifact_id}/v/1?x#y",
    ):
        assert f"/embed/{version.artifact_id}/v/1" in ask(f"{APP}{path}").json()["html"]


def test_oembed_keeps_to_the_bounds(version: Version) -> None:
    facts = ask(f"{APP}/a/{version.artifact_id}", maxwidth=400, maxheight=300).json()
    assert (facts["width"], facts["height"]) == (400, 300)
    assert 'width="400" height="300"' in facts["html"]
    assert "thumbnail_url" not in facts
    assert ask(f"{APP}/a/{version.artifact_id}", maxwidth=5000).json()["width"] == 800
    assert ask(f"{APP}/a/{version.artifact_id}", maxwidth="wide").status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://evil.example/a/{id}",
        "http://localhost:8000.evil.example/a/{id}",
        "http://localhost:8000@evil.example/a/{id}",
        "http://localhost:8000/a/nothing",
        "http://localhost:8000/a/{id}/v/9",
        "http://localhost:8000/accounts/login/",
        "http://localhost:8000/",
        "/a/{id}",
        "javascript:alert(1)",
    ],
)
def test_oembed_is_for_our_own_pages_alone(version: Version, url: str) -> None:
    assert ask(url.format(id=version.artifact_id)).status_code == 404


@pytest.mark.parametrize(("how", "status"), [("password", 401), ("private", 404), ("expired", 404)])
def test_oembed_tells_nothing_of_what_is_not_for_everybody(
    version: Version, alice: User, bob: User, how: str, status: int
) -> None:
    close(version, how)
    unlock(version.artifact, bob)
    for client in (Client(), client_of(alice), client_of(bob)):
        answer = client.get(f"/oembed?{urlencode({'url': f'{APP}/a/{version.artifact_id}'})}")
        assert answer.status_code == status
        assert "Lantern" not in answer.content.decode()


def test_another_format_is_not_implemented(version: Version) -> None:
    assert ask(f"{APP}/a/{version.artifact_id}", format="yaml").status_code == 501


def test_the_page_leads_to_its_oembed(version: Version) -> None:
    html = Client().get(version.get_absolute_url()).content.decode()
    found = dict(re.findall(r'<link rel="alternate" type="(\S+)\+oembed" href="([^"]+)"', html))
    assert set(found) == {"application/json", "text/xml"}
    for kind, url in found.items():
        answer = Client().get(url.replace("&amp;", "&").removeprefix(APP))
        assert answer["Content-Type"].startswith(kind)
        assert f"/embed/{version.artifact_id}/v/1" in answer.content.decode()


# ---------------------------------------------------------------------------------------- embed


def policy_of(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts}


def frame(url: str) -> Any:
    """Of the artifact host."""
    host, _slash, path = url.removeprefix("http://").partition("/")
    return async_to_sync(HostClient(host).get)(f"/{path}", headers={"sec-fetch-dest": "iframe"})


def test_other_sites_may_frame_the_embed_and_nothing_else(version: Version) -> None:
    answer = Client().get(f"/embed/{version.artifact_id}", headers=ELSEWHERE)
    assert answer.status_code == 200
    assert policy_of(answer)["frame-ancestors"] == "*"
    assert policy_of(answer)["frame-src"] == f"http://{version.artifact_id}.localhost:8000/"
    assert "X-Frame-Options" not in answer
    for path in ("", "?full=1"):
        assert Client().get(f"/a/{version.artifact_id}{path}", headers=ELSEWHERE).status_code == 403
        page = Client().get(f"/a/{version.artifact_id}{path}")
        assert (policy_of(page)["frame-ancestors"], page["X-Frame-Options"]) == ("'none'", "DENY")


def test_the_operator_says_who_may_embed(version: Version) -> None:
    url = f"http://{version.artifact_id}.localhost:8000/e/1/"
    assert policy_of(frame(url))["frame-ancestors"] == f"{APP} *"
    with override_settings(EMBEDDERS=["https://blog.example"]):
        answer = Client().get(f"/embed/{version.artifact_id}")
        assert policy_of(answer)["frame-ancestors"] == "https://blog.example"
        assert policy_of(frame(url))["frame-ancestors"] == f"{APP} https://blog.example"
    with override_settings(EMBEDDERS=[]):
        assert policy_of(Client().get(f"/embed/{version.artifact_id}"))["frame-ancestors"] == "'none'"
        assert policy_of(frame(url))["frame-ancestors"] == APP
    assert policy_of(frame(url.replace("/e/", "/v/")))["frame-ancestors"] == APP


@override_settings(ARTIFACT_HOST="localhost:9000", ARTIFACT_WILDCARD=False)
def test_with_one_spare_host_it_is_the_same(version: Version) -> None:
    html = Client().get(f"/embed/{version.artifact_id}?run=1").content.decode()
    url = f"http://localhost:9000/{version.artifact_id}/e/1/"
    assert f'<iframe src="{url}"' in html
    assert policy_of(frame(url))["frame-ancestors"] == f"{APP} *"
    assert policy_of(frame(url.replace("/e/", "/v/")))["frame-ancestors"] == APP


def test_it_runs_when_somebody_clicks(version: Version) -> None:
    poster = Client().get(f"/embed/{version.artifact_id}").content.decode()
    assert "<iframe" not in poster
    assert f'href="/embed/{version.artifact_id}?run=1"' in poster
    assert f'<img src="/api/artifacts/{version.artifact_id}/versions/1/picture?shot=2' in poster
    running = Client().get(f"/embed/{version.artifact_id}?run=1").content.decode()
    assert f'<iframe src="http://{version.artifact_id}.localhost:8000/e/1/"' in running


def test_who_runs_it_counts_as_a_view(version: Version) -> None:
    for path in ("", "?run=1", "?run=1", "/v/1?run=1"):
        Client().get(f"/embed/{version.artifact_id}{path}", headers={"user-agent": FIREFOX})
    assert Artifact.objects.get().views == 1


@pytest.mark.parametrize(("how", "status"), [("password", 403), ("private", 404), ("expired", 410)])
def test_the_embed_knows_nobody(version: Version, alice: User, bob: User, how: str, status: int) -> None:
    """In a frame of another site it must not depend on who is signed in."""
    close(version, how)
    unlock(version.artifact, bob)
    for client in (Client(), client_of(alice), client_of(bob)):
        for path in ("", "?run=1", "/v/1?run=1"):
            answer = client.get(f"/embed/{version.artifact_id}{path}")
            assert answer.status_code == status
            assert "Lantern" not in answer.content.decode()
            assert policy_of(answer)["frame-ancestors"] == "*"
    assert frame(f"http://{version.artifact_id}.localhost:8000/e/1/").status_code == 404


def test_there_is_no_such_version(version: Version) -> None:
    assert Client().get(f"/embed/{version.artifact_id}/v/9").status_code == 404
    assert Client().get("/embed/nothing").status_code == 404


def test_the_share_panel_has_the_code(version: Version, alice: User) -> None:
    url = f"/api/artifacts/{version.artifact_id}"
    told = json.loads(Client().get(url).content)["embed"]
    assert told.startswith(f'<iframe src="{APP}/embed/{version.artifact_id}" width="800"')
    close(version, "password")
    assert client_of(alice).get(url).json()["embed"] is None
