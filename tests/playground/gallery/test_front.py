"""The gallery's pages, and the list for scripts."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from playground.accounts.models import User
from playground.artifacts.models import Artifact, Visibility
from playground.artifacts.services import remix_version
from playground.gallery.models import Collection, Entry, Membership, State
from tests.hangings import hang

pytestmark = pytest.mark.django_db

TITLE = re.compile(r'<h3><a href="/a/\w+" class="piece">([^<]+)</a></h3>')


def titles(address: str) -> list[str]:
    answer = Client().get(address)
    assert answer.status_code == 200
    return TITLE.findall(answer.content.decode())


def test_pages_lead_through_everything(alice: User) -> None:
    entries = hang(50)
    pages = [titles(address) for address in ("/", "/?page=2", "/?page=3")]
    assert [len(page) for page in pages] == [24, 24, 2]
    assert [title for page in pages for title in page] == [str(entry) for entry in reversed(entries)]
    assert titles("/?page=99") == pages[2]
    assert titles("/?page=nonsense") == pages[0]
    assert 'rel="next" href="/?page=2"' in Client().get("/").content.decode()
    assert 'rel="next" href="/?tag=games' not in Client().get("/?tag=games").content.decode()


def test_what_is_narrowed_stays_narrowed_on_its_next_page() -> None:
    hang(110)
    page = Client().get("/?tag=games&sort=remixed").content.decode()
    assert 'rel="next" href="/?tag=games&amp;sort=remixed&amp;page=2"' in page
    assert 'href="/?q=' not in page
    assert len(titles("/?tag=games")) == 24
    assert len(titles("/?tag=games&page=2")) == 4
    assert titles("/?tag=nothing") == []
    assert set(titles("/?q=lighthouse")) >= {"Quiet Lighthouse"}
    assert titles("/?q=quiet+lighthouse&tag=games") == ["Quiet Lighthouse"]
    assert "Nobody has made “zzz” yet." in Client().get("/?q=zzz").content.decode()


def test_the_front_page_asks_the_database_a_few_times(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    hang(60)
    Entry.objects.filter(pk__in=Entry.objects.values("pk")[:3]).update(featured_from=timezone.now())
    Client().get("/")
    with django_assert_max_num_queries(13):
        assert Client().get("/").status_code == 200


def test_featured_stand_first_and_once() -> None:
    entries = hang(8)
    for position, entry in enumerate(entries[:3]):
        entry.featured_from, entry.position = timezone.now(), position
        entry.save()
    assert titles("/") == [str(entry) for entry in [*entries[:3], *reversed(entries[3:])]]
    entries[0].featured_until = timezone.now() - timedelta(seconds=1)
    entries[0].save()
    assert titles("/")[:2] == [str(entry) for entry in entries[1:3]]


def test_most_remixed_counts_other_people_once(alice: User, bob: User) -> None:
    first, second, third = hang(3)
    for owner in (alice, bob, alice):
        remix_version(version=first.artifact.latest, owner=owner)
    remix_version(version=second.artifact.latest, owner=alice)
    for _again in range(4):
        remix_version(version=third.artifact.latest, owner=third.artifact.owner)
    assert titles("/?sort=remixed") == [str(first), str(second), str(third)]
    page = Client().get("/?sort=remixed").content.decode()
    assert "2 remixes" in page
    assert "1 remix<" in page


def test_most_run_counts_people() -> None:
    first, second, third = hang(3)
    Artifact.objects.filter(pk=second.artifact_id).update(views=1200)
    Artifact.objects.filter(pk=first.artifact_id).update(views=1)
    assert titles("/?sort=run") == [str(second), str(first), str(third)]
    page = Client().get("/?sort=run").content.decode()
    assert "1,200 views" in page
    assert "1 view<" in page
    assert f"/a/{second.artifact_id}/v/1/card.jpg" in page


def test_a_collection_has_its_order_and_its_cover() -> None:
    entries = hang(5)
    chosen = Collection.objects.create(slug="best", title="The best", description="Of all.", cover=entries[1])
    for position, entry in enumerate([entries[3], entries[0], entries[4]]):
        Membership.objects.create(collection=chosen, entry=entry, position=position)
    assert titles("/collections/best") == [str(entry) for entry in (entries[3], entries[0], entries[4])]
    assert titles("/collections/best?sort=newest") == titles("/collections/best")
    assert ">In order</a>" in Client().get("/collections/best").content.decode()
    front = Client().get("/").content.decode()
    assert "3 pieces" in front
    cover = f"/api/artifacts/{entries[1].artifact_id}/versions/1/picture"
    assert cover in front.partition('class="collections"')[2].partition('class="all"')[0]
    Entry.objects.filter(pk=entries[1].pk).update(state=State.HIDDEN)
    front = Client().get("/").content.decode()
    assert (
        f"/api/artifacts/{entries[3].artifact_id}/" in front.partition('class="collections"')[2].partition("</ul>")[0]
    )
    assert Client().get("/collections/none").status_code == 404


def test_nothing_that_is_hidden_or_private_is_on_any_page(alice: User) -> None:
    shown, hidden, private = hang(3)
    Entry.objects.filter(pk=hidden.pk).update(state=State.HIDDEN, featured_from=timezone.now())
    Artifact.objects.filter(pk=private.artifact_id).update(visibility=Visibility.PRIVATE)
    for address in (
        "/",
        "/?q=paper",
        "/?sort=run",
        "/collections/rainy-day",
        "/feed.atom",
        "/sitemap.xml",
        "/api/gallery",
    ):
        page = Client().get(address).content.decode()
        assert hidden.artifact_id not in page
        assert private.artifact_id not in page
    assert shown.artifact_id in Client().get("/feed.atom").content.decode()
    assert Client().get(f"/new?try={private.artifact_id}").content.decode().count('"wish": ""') == 1


def test_a_visitors_page_may_be_kept_and_is_asked_for_again(alice: User) -> None:
    hang(2)
    first = Client().get("/")
    assert first["Cache-Control"] == "public, no-cache"
    assert set(first["Vary"].split(", ")) == {"Accept-Language", "Cookie"}
    assert first.cookies == {}
    again = Client().get("/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Entry.objects.update(state=State.HIDDEN)
    assert Client().get("/", headers={"If-None-Match": first["ETag"]}).status_code == 200
    member = Client()
    member.force_login(alice)
    assert member.get("/")["Cache-Control"] == "private, no-cache"


def test_the_page_is_chinese_for_readers_of_chinese() -> None:
    call_command("load_demos")
    page = Client().get("/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "许个愿，看它活起来。" in page
    assert "演示" in page
    assert "烟花" in page
    assert "Fireworks" not in page


def test_a_wish_is_filled_in() -> None:
    entry = hang(1)[0]
    assert f'"wish": "{entry.wish}"' in Client().get(f"/new?try={entry.artifact_id}").content.decode()
    assert '"wish": "a \\u003Cb\\u003E kite"' in Client().get("/new?wish=+a+<b>+kite+").content.decode()


def test_feed_sitemap_and_robots_name_public_addresses() -> None:
    entries = hang(3)
    feed = ET.fromstring(Client().get("/feed.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")] == [
        str(entry) for entry in reversed(entries)
    ]
    sitemap = Client().get("/sitemap.xml").content.decode()
    assert sitemap.count("<loc>http://localhost:8000/a/") == 3
    assert "<loc>http://localhost:8000/collections/rainy-day</loc>" in sitemap
    robots = Client().get("/robots.txt").content.decode()
    assert "Sitemap: http://localhost:8000/sitemap.xml" in robots
    assert "Disallow: /a" not in robots.replace("/accounts/", "").replace("/admin/", "")


def test_the_list_for_scripts() -> None:
    hang(30)
    page = Client().get("/api/gallery?tag=games").json()
    assert (page["total"], page["pages"], page["page"]) == (8, 1, 1)
    entry = page["entries"][0]
    assert entry["tags"] == ["games"]
    assert entry["collections"] == ["rainy-day"]
    assert entry["url"] == f"http://localhost:8000/a/{entry['artifact']}"
    assert Client().get(entry["picture"]).headers["Content-Type"] == "image/webp"
    assert [len(Client().get(f"/api/gallery?page={number}").json()["entries"]) for number in (1, 2, 3)] == [24, 6, 0]
    assert len(Client().get("/api/gallery?q=quiet").json()["entries"]) == 3
    assert Client().get("/api/gallery?sort=nonsense").status_code == 422
    assert Client().get("/api/gallery?page=0").status_code == 422
    assert Client().get("/api/gallery?tag=%00").status_code == 422
    assert Client().get("/?tag=%00games&q=%00").status_code == 200


@pytest.mark.parametrize("name", ["403.html", "404.html"])
def test_an_error_page_asks_the_database_nothing(
    name: str, alice: User, rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Django renders it in any thread, where a connection would be left open."""
    request = rf.get("/")
    request.user = alice
    with django_assert_num_queries(0):
        render_to_string(name, request=request)
