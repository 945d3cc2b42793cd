"""The versions of an artifact over the API: listed, named, restored, gone on from, and by whom."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.artifacts.listing import LONGEST_PROMPT, PAGE
from playground.artifacts.models import Artifact, Maker, Version
from playground.artifacts.services import Origin, add_version, create_artifact, remix_version
from playground.runs.models import Conversation
from tests.conftest import connect_model
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def first(alice: User) -> Version:
    """Version 1 of two: a page and a picture, made by a model, with a pinned library."""
    files = {"index.html": b"<p>one", "a.png": b"\x89PNG\xff"}
    version = create_artifact(owner=alice, title="Clock", files=files, origin=Origin(Maker.MODEL, "a clock", "qwen"))
    version.pins = {"three@latest": "0.180.0"}
    version.save()
    changed = {"index.html": b"<p>two", "new.css": b"p {}"}
    add_version(artifact=version.artifact, author=alice, files=changed, origin=Origin(Maker.HAND, parent=version))
    return version


def url_of(version: Version, rest: str = "") -> str:
    return f"/api/artifacts/{version.artifact_id}/versions{rest}"


def test_versions_are_listed_newest_first_without_their_files(first: Version, alice: User) -> None:
    page = client_of(alice).get(url_of(first)).json()
    assert (page["newest"], page["before"], page["is_mine"]) == (2, None, True)
    second, one = page["versions"]
    assert (second["number"], second["maker"], second["parent"]) == (2, "hand", 1)
    assert second["changes"] == {"added": 1, "changed": 1, "removed": 0}
    assert (one["maker"], one["prompt"], one["model"], one["parent"]) == ("model", "a clock", "qwen", None)
    assert one["changes"] is None
    assert one["author"] == alice.public_name
    assert one["entry"] == "index.html"
    assert one["picture"] == url_of(first, "/1/picture")
    assert "files" not in one


def test_a_long_list_comes_in_pages(alice: User) -> None:
    version = create_artifact(owner=alice, title="Long", files={"index.html": b"1"}, origin=Origin(prompt="w" * 5000))
    for number in range(PAGE + 1):
        origin = Origin(parent=version)
        add_version(artifact=version.artifact, author=alice, files={"index.html": b"%d" % number}, origin=origin)
    client = client_of(alice)
    page = client.get(url_of(version)).json()
    assert [summary["number"] for summary in page["versions"]] == list(range(PAGE + 2, 2, -1))
    assert page["before"] == 3
    rest = client.get(url_of(version), {"before": page["before"]}).json()
    assert [summary["number"] for summary in rest["versions"]] == [2, 1]
    assert (rest["before"], rest["newest"]) == (None, PAGE + 2)
    assert len(rest["versions"][-1]["prompt"]) == LONGEST_PROMPT
    assert client.get(url_of(version), {"before": 1}).json()["versions"] == []
    assert client.get(url_of(version), {"before": 0}).status_code == 422


def test_a_page_of_versions_costs_few_queries(
    alice: User, first: Version, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        add_version(artifact=first.artifact, author=alice, files={"n.txt": b"%d" % number}, origin=Origin(parent=first))
    client = client_of(alice)
    client.get(url_of(first))  # notes where she is signed in, once an hour
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # pytest-django does not export its type
        assert len(client.get(url_of(first)).json()["versions"]) == 14


def test_a_version_is_named_and_the_name_taken_away(first: Version, alice: User) -> None:
    client = client_of(alice)

    def name(label: object) -> tuple[int, object]:
        answer = client.patch(url_of(first, "/1"), {"label": label}, content_type="application/json")
        return answer.status_code, answer.json().get("label")

    assert name("  calm \n colours ") == (200, "calm colours")
    assert client.get(url_of(first)).json()["versions"][1]["label"] == "calm colours"
    assert client.get(url_of(first, "/1")).json()["label"] == "calm colours"
    assert name("静" * 80) == (200, "静" * 80)
    for impossible in ("x" * 81, "\0", None, 1):
        assert name(impossible)[0] == 422
    assert name("") == (200, "")
    assert client.patch(url_of(first, "/9"), {"label": "x"}, content_type="application/json").status_code == 404


def test_restoring_makes_a_new_version_with_the_same_files_and_libraries(first: Version, alice: User) -> None:
    client = client_of(alice)
    answer = client.post(url_of(first, "/1/restore"))
    assert answer.status_code == 201
    made = answer.json()
    assert (made["number"], made["maker"], made["parent"], made["prompt"]) == (3, "restored", 1, "a clock")
    assert made["changes"] == {"added": 0, "changed": 0, "removed": 0}
    restored = Version.objects.get(artifact=first.artifact, number=3)
    assert restored.files == first.files
    assert restored.entry == first.entry
    assert restored.pins == {"three@latest": "0.180.0"}
    assert client.get(f"/api/artifacts/{first.artifact_id}").json()["version"] == 3
    assert client.post(url_of(first, "/9/restore")).status_code == 404


def test_a_guest_cannot_restore_without_end(guest: User, settings: Settings) -> None:
    settings.GUEST_RUNS_PER_HOUR = 1
    version = create_artifact(owner=guest, title="Mine", files={"index.html": b"1"})
    client = client_of(guest)
    assert client.post(url_of(version, "/1/restore")).status_code == 201
    assert client.post(url_of(version, "/1/restore")).status_code == 429


def test_who_may_open_it_may_list_and_only_the_owner_changes_anything(first: Version, bob: User, alice: User) -> None:
    for client in (client_of(bob), Client()):
        page = client.get(url_of(first)).json()
        assert [summary["number"] for summary in page["versions"]] == [2, 1]
        assert page["is_mine"] is False
        renamed = client.patch(url_of(first, "/1"), {"label": "mine"}, content_type="application/json")
        assert renamed.status_code == 404
        assert client.post(url_of(first, "/1/restore")).status_code == 404
    Artifact.objects.update(visibility="private")
    for client in (client_of(bob), Client()):
        assert client.get(url_of(first)).status_code == 404
    assert client_of(alice).get(url_of(first)).status_code == 200
    assert first.artifact.versions.count() == 2


def test_a_remix_names_its_source_to_those_who_may_open_that(first: Version, alice: User, bob: User) -> None:
    remix = remix_version(version=first, owner=bob)

    def source(client: Client) -> object:
        summary = client.get(url_of(remix)).json()["versions"][0]
        assert (summary["maker"], summary["parent"]) == ("remix", None)
        return summary["source"] and (summary["source"]["artifact"], summary["source"]["number"])

    assert source(client_of(bob)) == (first.artifact_id, 1)
    Artifact.objects.filter(pk=first.artifact_id).update(visibility="private")
    assert source(client_of(bob)) is None
    assert source(client_of(alice)) == (first.artifact_id, 1)


def begin(client: Client, version: Version, number: int | None) -> dict[str, object]:
    body = {"artifact": version.artifact_id, "version": number}
    answer = client.post("/api/conversations", body, content_type="application/json")
    return {"status": answer.status_code, **answer.json()}


def test_a_conversation_goes_on_from_any_version(first: Version, alice: User) -> None:
    client = client_of(alice)
    begun = begin(client, first, 1)
    assert begun["status"] == 201
    assert (begun["artifact"], begun["runs"]) == (first.artifact_id, [])
    assert begun["base"]["number"] == 1  # type: ignore[index]
    assert begin(client, first, None)["base"]["number"] == 2  # type: ignore[index]
    assert begin(client, first, 9)["status"] == 404
    Artifact.objects.update(visibility="private")
    assert begin(client_of(User.objects.create_guest()), first, 1)["status"] == 404


def test_a_stranger_goes_on_from_a_remix_of_exactly_that_version(first: Version, bob: User) -> None:
    begun = begin(client_of(bob), first, 1)
    assert begun["artifact"] != first.artifact_id
    copy = Version.objects.get(artifact=str(begun["artifact"]))
    assert (copy.files, copy.parent, copy.artifact.owner) == (first.files, first, bob)


def test_a_wish_may_name_the_version_that_it_goes_on_from(
    first: Version, alice: User, bob: User, upstream: Upstream
) -> None:
    connect_model(upstream.base_url, "good")
    body = {"prompt": "bigger", "model": "good", "artifact": first.artifact_id, "version": 1}
    run = client_of(alice).post("/api/runs", body, content_type="application/json").json()
    conversation = Conversation.objects.get(pk=run["conversation"])
    assert (conversation.base, conversation.artifact) == (first, first.artifact)
    run = client_of(bob).post("/api/runs", body, content_type="application/json").json()
    base = Conversation.objects.select_related("base__parent").get(pk=run["conversation"]).base
    assert base
    assert base.parent == first
    refused = client_of(alice).post("/api/runs", body | {"version": 7}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "version_not_found")
