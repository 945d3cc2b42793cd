"""The artifact hosts: confined, without cookies, without the app; and the app without them."""

import pytest
from django.test import Client

from playground.accounts.models import User
from playground.artifacts.addresses import frame_url, signed_url
from playground.artifacts.drafts import write_draft
from playground.artifacts.models import Artifact, Version
from playground.artifacts.services import create_artifact
from playground.host import prelude
from tests.conftest import HostClient

pytestmark = pytest.mark.django_db(transaction=True)

FILES = {"index.html": b"<!doctype html><script src='game.js'></script>", "game.js": b"let a", "pic.png": b"\x89PNG"}


@pytest.fixture
def version(alice: User) -> Version:
    return create_artifact(owner=alice, title="Game", files=FILES)


def rewritten(page: bytes) -> bytes:
    with_prelude = page.replace(b"html>", b"html>" + prelude.tag().encode(), 1)
    return with_prelude.replace(b"<script src=", b"<script crossorigin src=")


def host_of(version: Version) -> str:
    return f"{version.artifact_id}.localhost:8000"


def open_url(url: str, **headers: str) -> object:
    host, _, path = url.removeprefix("http://").partition("/")
    return Client().get(f"/{path}", headers={"Host": host, **headers})


def test_a_version_is_served_confined(version: Version) -> None:
    answer = Client().get("/v/1/", headers={"Host": host_of(version)})
    assert answer.status_code == 200
    assert answer.content == rewritten(FILES["index.html"])
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts allow-forms allow-pointer-lock;")
    assert "allow-same-origin" not in policy
    assert "frame-ancestors http://localhost:8000" in policy
    assert "default-src 'none'" in policy
    assert "connect-src data: blob: http://" + host_of(version) in policy
    assert "Set-Cookie" not in answer
    assert answer["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("path", "mime"), [("game.js", "text/javascript; charset=utf-8"), ("pic.png", "image/png")])
def test_files_beside_the_page_open_to_its_opaque_origin(version: Version, path: str, mime: str) -> None:
    answer = Client().get(f"/v/1/{path}", headers={"Host": host_of(version)})
    assert answer.content == FILES[path]
    assert answer["Content-Type"] == mime
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/v/2/", "/v/1/missing.js", "/", "/api/models", "/admin/", "/accounts/login/", "/ws"])
def test_nothing_else_is_there(version: Version, path: str) -> None:
    answer = Client().get(path, headers={"Host": host_of(version)})
    assert answer.status_code == 404
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "Set-Cookie" not in answer


def test_the_app_serves_no_artifact_bytes(version: Version) -> None:
    assert Client().get("/v/1/", headers={"Host": "localhost:8000"}).status_code == 404
    assert Client().get("/v/1/game.js", headers={"Host": "127.0.0.1:8000"}).status_code == 404


def test_only_reading_and_no_service_workers(version: Version) -> None:
    client = Client()
    assert client.post("/v/1/", headers={"Host": host_of(version)}).status_code == 405
    worker = client.get("/v/1/game.js", headers={"Host": host_of(version), "Service-Worker": "script"})
    assert worker.status_code == 403


def test_a_private_version_opens_by_signature_alone(version: Version) -> None:
    Artifact.objects.update(visibility="private")
    version.refresh_from_db()
    assert Client().get("/v/1/", headers={"Host": host_of(version)}).status_code == 404
    url = frame_url(version)
    assert "/s/" in url
    assert open_url(url).status_code == 200  # type: ignore[attr-defined]
    assert open_url(f"{url}game.js").status_code == 200  # type: ignore[attr-defined]
    elsewhere = url.replace(version.artifact_id, "a" * 16)
    assert open_url(elsewhere).status_code == 404  # type: ignore[attr-defined]
    assert open_url(url.replace("/s/", "/s/x")).status_code == 404  # type: ignore[attr-defined]


def test_an_old_signature_opens_nothing(version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    url = signed_url(version.artifact_id, "v/1")
    monkeypatch.setattr("playground.artifacts.addresses.TOKEN_AGE", -1)
    assert open_url(url).status_code == 404  # type: ignore[attr-defined]


async def test_an_unknown_run_has_no_preview() -> None:
    url = signed_url("a" * 16, "run")
    host, _, path = url.removeprefix("http://").partition("/")
    answer = await HostClient(host).get(f"/{path}")
    assert answer.status_code == 404


def test_a_draft_opens_through_its_signed_address_alone(version: Version) -> None:
    write = {"artifact": version.artifact, "base": 1, "moves": {}}
    draft = write_draft(**write, revision=0, changes={"game.js": b"let b", "App.jsx": b"<p/>"})  # type: ignore[arg-type]
    signed = signed_url(version.artifact_id, "draft/1")
    page = open_url(signed)
    assert page.content == rewritten(FILES["index.html"])  # type: ignore[attr-defined]
    assert page["Cache-Control"] == "private, no-store"  # type: ignore[index]
    assert open_url(f"{signed}game.js").content == b"let b"  # type: ignore[attr-defined]
    assert open_url(f"{signed}pic.png").content == FILES["pic.png"]  # type: ignore[attr-defined]
    assert open_url(signed_url("abcdefgh12345678", "draft/1")).status_code == 404  # type: ignore[attr-defined]
    write_draft(**write, revision=1, changes={"game.js": b"let c"})  # type: ignore[arg-type]
    assert open_url(f"{signed}game.js").content == b"let c"  # type: ignore[attr-defined]
    assert open_url(frame_url(version) + "game.js").content == FILES["game.js"]  # type: ignore[attr-defined]
    draft.delete()
    assert open_url(signed).status_code == 404  # type: ignore[attr-defined]
