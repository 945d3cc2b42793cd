"""Saved versions as they are served: rewritten once, pinned, found again."""

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.artifacts.services import create_artifact
from playground.host.models import Rendition
from playground.host.rendering import Use
from playground.host.renditions import find_demand, load, serve, uses
from playground.host.snapshots import find_snapshot, snapshot_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b"""<!doctype html><script type="importmap">{"imports": {"mine": "./mine.js"}}</script>
<script src="https://unpkg.com/three@0.128.0/build/three.min.js"></script>
<script type="module">import d3 from "d3"; import "mine"; import "./game.js"</script>"""
FILES = {
    "index.html": PAGE,
    "game.js": b'import "mine"; import "d3@7"; import "lit"',
    "odd.html": b"caf\xe9",
    "a.png": b"\x89",
}


@pytest.fixture
def version(alice: User) -> Version:
    return create_artifact(owner=alice, title="Game", files=FILES)


def get(version: Version, path: str = "", **headers: str) -> object:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().get(f"/v/1/{path}", headers={"Host": f"{version.artifact_id}.localhost:8000", **named})


def test_a_file_is_made_once(version: Version) -> None:
    snapshot = snapshot_of(version)
    first = load(snapshot, "index.html", Use.PAGE)
    assert load(snapshot, "index.html", Use.PAGE) == first
    assert Rendition.objects.count() == 1
    assert b"shelf.localhost:8000/web/unpkg.com/three@0.128.0/build/three.min.js" in first.forms[""]
    assert load(snapshot, "a.png", Use.FILE).forms == {"": b"\x89"}
    assert Rendition.objects.count() == 1


def test_the_import_map_of_the_page_holds_for_its_scripts(version: Version) -> None:
    script = load(snapshot_of(version), "game.js", Use.FILE).forms[""].decode()
    assert 'import "mine"' in script
    assert 'import "lit"' not in script


def test_what_is_no_utf8_stays_as_it_is(version: Version) -> None:
    assert load(snapshot_of(version), "odd.html", Use.PAGE).forms[""].endswith(b"caf\xe9")


def test_the_demand_is_the_open_ranges(version: Version) -> None:
    assert find_demand(snapshot_of(version)).keys() == {"d3@latest", "d3@7", "lit@latest"}


def test_pins_take_effect_as_soon_as_they_are_there(version: Version) -> None:
    before = load(snapshot_of(version), "index.html", Use.PAGE)
    version.pins = {"d3@latest": "7.9.0"}
    after = load(snapshot_of(version), "index.html", Use.PAGE)
    assert b"/esm/d3@7.9.0" in after.forms[""]
    assert after.digest != before.digest


def test_what_a_visit_needs_is_known(version: Version) -> None:
    assert list(uses(snapshot_of(version))) == [
        ("index.html", Use.PAGE),
        ("game.js", Use.FILE),
        ("odd.html", Use.PAGE),
    ]


def test_a_page_is_revalidated_and_what_it_may_reach_counts(version: Version) -> None:
    page = get(version)
    assert page["Cache-Control"] == "public, no-cache"  # type: ignore[index]
    assert get(version, If_None_Match=page["ETag"]).status_code == 304  # type: ignore[index,attr-defined]
    version.artifact.allowed_hosts = ["api.example.com"]
    version.artifact.save()
    assert get(version, If_None_Match=page["ETag"]).status_code == 200  # type: ignore[index,attr-defined]


def test_what_became_private_is_gone_at_once(version: Version) -> None:
    assert get(version).status_code == 200  # type: ignore[attr-defined]
    version.artifact.visibility = "private"
    version.artifact.save()
    assert get(version).status_code == 404  # type: ignore[attr-defined]


def test_a_page_in_a_folder_is_shown_from_there(alice: User) -> None:
    version = create_artifact(owner=alice, title="", files={"site/index.html": b"<p>", "site/a.css": b"a{}"})
    assert get(version)["Location"] == "site/index.html"  # type: ignore[index]


def test_a_version_that_is_asked_for_often_costs_no_query(version: Version, django_assert_num_queries: object) -> None:
    async def twice() -> None:
        for _ in range(2):
            snapshot = await find_snapshot(version.artifact_id, 1)
            assert snapshot
            await serve(snapshot, "index.html", Use.PAGE)

    async_to_sync(twice)()
    with django_assert_num_queries(0):  # type: ignore[operator]
        async_to_sync(twice)()
