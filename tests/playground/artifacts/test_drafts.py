"""Editing by hand over the API: drafts, saving them, and what came in between."""

import base64
from typing import Any

import pytest
from django.test import Client

from playground.accounts.models import User
from playground.artifacts.files import read_file
from playground.artifacts.models import Artifact, Draft, Maker, Version
from playground.artifacts.services import Origin, add_version, create_artifact

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b"<title>Ball</title>\n<p>one</p>\n<p>two</p>\n<p>three</p>\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def artifact(alice: User) -> Artifact:
    return create_artifact(owner=alice, title="Ball", files={"index.html": PAGE, "style.css": b"p{}\n"}).artifact


class Editor:
    """One person at one artifact, over HTTP."""

    def __init__(self, user: User, artifact: Artifact) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.path = f"/api/artifacts/{artifact.pk}"
        self.revision = 0

    def ask(self, method: str, path: str, body: object = None) -> Any:
        return getattr(self.client, method)(f"{self.path}/{path}", body, content_type="application/json")

    def write(self, base: int = 1, moves: object = None, **files: object) -> Any:
        named = {path.replace("__", "."): text for path, text in files.items()}
        body = {"base": base, "revision": self.revision, "files": named, "moves": moves or {}}
        answer = self.ask("put", "draft", body)
        if answer.status_code == 200:
            self.revision = answer.json()["revision"]
        return answer

    def save(self, **body: object) -> Any:
        return self.ask("post", "draft/save", {"revision": self.revision, **body}).json()


def contents(version: Version) -> dict[str, bytes]:
    return {path: read_file(file) for path, file in version.files.items()}


def page(old: bytes, new: bytes) -> str:
    return PAGE.replace(old, new).decode()


def add_by_model(artifact: Artifact, alice: User, files: dict[str, bytes | None], parent: int = 1) -> Version:
    origin = Origin(Maker.MODEL, parent=artifact.versions.get(number=parent))
    return add_version(artifact=artifact, author=alice, files=files, origin=origin)


def test_a_draft_is_kept_and_becomes_a_version(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    assert editor.client.get(f"{editor.path}/draft").status_code == 204
    editor.write(index__html=page(b"one", b"1"))
    editor.write(index__html=page(b"one", b"I"), style__css=None)
    draft = Editor(alice, artifact).client.get(f"{editor.path}/draft").json()
    assert (draft["base"], draft["newest"], draft["revision"], draft["entry"]) == (1, 1, 2, "index.html")
    assert [(file["path"], file["text"]) for file in draft["files"]] == [("index.html", page(b"one", b"I"))]
    assert artifact.versions.count() == 1
    saved = editor.save()
    assert (saved["version"]["number"], saved["version"]["before"], saved["conflicts"]) == (2, 1, [])
    version = artifact.latest
    assert (version.maker, version.parent, version.author) == (Maker.HAND, artifact.versions.get(number=1), alice)
    assert contents(version) == {"index.html": page(b"one", b"I").encode()}
    assert not Draft.objects.exists()


def test_typing_leaves_no_blobs_behind(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    for number in range(5):
        editor.write(index__html=page(b"one", str(number).encode()))
    assert len(Draft.objects.get().texts) == 1


def test_a_draft_that_changes_nothing_makes_no_version(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    editor.write(index__html=PAGE.decode())
    assert editor.save()["version"]["number"] == 1
    assert artifact.versions.count() == 1


def test_a_discarded_draft_is_gone(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    editor.write(index__html="x")
    assert editor.client.delete(f"{editor.path}/draft?revision=7").status_code == 409
    assert editor.client.delete(f"{editor.path}/draft?revision=1").status_code == 204
    assert not Draft.objects.exists()


def test_another_tab_is_not_overwritten(artifact: Artifact, alice: User) -> None:
    one, other = Editor(alice, artifact), Editor(alice, artifact)
    one.write(index__html="mine")
    refused = other.write(index__html="other")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "draft_changed")
    assert other.save()["error"]["code"] == "draft_changed"
    assert one.write(index__html="mine again").status_code == 200


def test_others_neither_see_nor_change_it(artifact: Artifact, alice: User, bob: User) -> None:
    Editor(alice, artifact).write(index__html="secret")
    for client in (Editor(bob, artifact).client, Client()):
        path = f"/api/artifacts/{artifact.pk}"
        body = {"base": 1, "revision": 1, "files": {"index.html": "x"}}
        answers = [
            client.get(f"{path}/draft"),
            client.put(f"{path}/draft", body, content_type="application/json"),
            client.delete(f"{path}/draft?revision=1"),
            client.post(f"{path}/draft/save", {"revision": 1}, content_type="application/json"),
            client.post(f"{path}/versions/1/draft"),
            client.post(f"{path}/versions", {"files": {"a.css": "x"}}, content_type="application/json"),
        ]
        assert {answer.status_code for answer in answers} == {404}
    assert Draft.objects.get().revision == 1


def test_files_are_added_moved_and_deleted(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    encoded = f"base64:{base64.b64encode(PNG).decode()}"
    body = {"base": 1, "revision": 0, "files": {"img/ball.png": encoded, "style.css": None}}
    assert editor.ask("put", "draft", body).status_code == 200
    editor.revision = 1
    assert editor.write(moves={"img/ball.png": "pictures/ball.png"}).status_code == 200
    assert editor.write(moves={"pictures/ball.png": "index.html"}).status_code == 400
    assert editor.write(moves={"nothing.png": "some.png"}).status_code == 400
    editor.save()
    assert contents(artifact.latest) == {"index.html": PAGE, "pictures/ball.png": PNG}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"page.html": f"base64:{base64.b64encode(PNG).decode()}"}, "wrong_content"),
        ({"ball.png": "<script>alert(1)</script>"}, "wrong_content"),
        ({"song.mp3": "la la la"}, "wrong_content"),
        ({"ball.svg": "just words"}, "wrong_content"),
        ({"data.json": "a\0b"}, "wrong_content"),
        ({"tool.exe": f"base64:{base64.b64encode(b'MZ' + bytes([0, 255])).decode()}"}, "wrong_content"),
        ({"big.txt": "x" * (6 * 1024 * 1024)}, "too_large"),
        ({f"{number}.txt": "x" * (5 * 1024 * 1024) for number in range(5)}, "too_large"),
        ({f"{number}.txt": "x" for number in range(199)}, "too_many_files"),
        ({"../x.html": "x"}, "bad_path"),
        ({".env": "x"}, "bad_path"),
        ({"a/b/c/d/e/f/g/h/i.txt": "x"}, "bad_path"),
        ({"index.html": None, "style.css": None}, "no_files"),
        ({"a.png": "base64:***"}, "bad_base64"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_the_draft_stays(
    artifact: Artifact, alice: User, files: dict[str, str | None], code: str
) -> None:
    editor = Editor(alice, artifact)
    editor.write(index__html="kept")
    answer = editor.ask("put", "draft", {"base": 1, "revision": 1, "files": files})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert Draft.objects.get().revision == 1


def test_more_files_than_there_may_be_are_refused_unread(artifact: Artifact, alice: User) -> None:
    files = {f"{number}.txt": "x" for number in range(201)}
    assert Editor(alice, artifact).ask("put", "draft", {"base": 1, "revision": 0, "files": files}).status_code == 422


def test_changes_apart_from_each_other_are_merged(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    editor.write(index__html=page(b"one", b"by hand"))
    add_by_model(artifact, alice, {"index.html": page(b"three", b"by the model").encode(), "new.css": b"a{}\n"})
    assert editor.client.get(f"{editor.path}/draft").json()["newest"] == 2
    saved = editor.save()
    assert (saved["version"]["number"], saved["version"]["before"]) == (3, 2)
    both = page(b"one", b"by hand").replace("three", "by the model").encode()
    assert contents(artifact.latest) == {"index.html": both, "style.css": b"p{}\n", "new.css": b"a{}\n"}


def test_a_conflict_is_decided_by_the_person(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    editor.write(index__html=page(b"one", b"mine"), style__css=None)
    add_by_model(artifact, alice, {"index.html": page(b"one", b"theirs").encode(), "style.css": b"theirs\n"})
    open_ = editor.save()
    assert (open_["version"], open_["onto"]) == (None, 2)
    text, whole = open_["conflicts"]
    assert text["pieces"][1] == {"base": "<p>one</p>\n", "mine": "<p>mine</p>\n", "theirs": "<p>theirs</p>\n"}
    assert (whole["path"], whole["pieces"], whole["mine"], whole["theirs"]) == ("style.css", [], False, True)
    assert artifact.versions.count() == 2
    assert Draft.objects.exists()
    half = {"index.html": {"text": "both\n"}}
    assert editor.save(onto=2, decisions=half)["version"] is None
    stale = half | {"style.css": {"side": "theirs"}}
    assert editor.save(onto=1, decisions=stale)["version"] is None
    assert editor.save(onto=2, decisions=stale)["version"]["number"] == 3
    assert contents(artifact.latest) == {"index.html": b"both\n", "style.css": b"theirs\n"}


def test_mine_can_be_taken_as_a_whole(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    editor.write(index__html=page(b"one", b"mine"), style__css=None)
    add_by_model(artifact, alice, {"index.html": page(b"one", b"theirs").encode(), "style.css": b"theirs\n"})
    editor.save(onto=2, decisions={"index.html": {"side": "mine"}, "style.css": {"side": "mine"}})
    assert contents(artifact.latest) == {"index.html": page(b"one", b"mine").encode()}


def test_a_version_of_another_branch_is_not_merged_in(artifact: Artifact, alice: User) -> None:
    add_version(artifact=artifact, author=alice, files={"index.html": b"another page"}, origin=Origin(Maker.MODEL))
    editor = Editor(alice, artifact)
    editor.write(index__html=page(b"one", b"mine"))
    assert editor.save()["version"]["number"] == 3
    assert contents(artifact.latest)["index.html"] == page(b"one", b"mine").encode()


def test_a_version_is_taken_up_to_be_merged(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    editor.write(index__html=page(b"one", b"mine"))
    editor.save()
    add_by_model(artifact, alice, {"index.html": page(b"three", b"theirs").encode()})
    taken = editor.ask("post", "versions/2/draft").json()
    assert (taken["base"], taken["newest"], taken["revision"]) == (1, 3, 1)
    editor.revision = 1
    assert editor.save()["version"]["number"] == 4
    assert contents(artifact.latest)["index.html"] == page(b"one", b"mine").replace("three", "theirs").encode()


def test_scripts_name_the_version_that_they_changed(artifact: Artifact, alice: User) -> None:
    editor = Editor(alice, artifact)
    added = editor.ask("post", "versions", {"files": {"style.css": None, "index.html": page(b"one", b"1")}}).json()
    assert [file["path"] for file in added["files"]] == ["index.html"]
    merged = editor.ask("post", "versions", {"files": {"index.html": page(b"three", b"3")}, "base": 1}).json()
    assert merged["files"][0]["text"] == page(b"one", b"1").replace("three", "3")
    refused = editor.ask("post", "versions", {"files": {"index.html": page(b"one", b"uno")}, "base": 1})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")
    assert editor.ask("post", "versions", {"files": {"index.html": "x"}, "base": 9}).status_code == 404
    assert artifact.versions.count() == 3
