"""Every host name is the app's or an artifact's, however it is spelled."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client, override_settings

from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.artifacts.services import create_artifact
from playground.host.checks import refuse_same_host, say_level
from playground.host.hosts import is_artifact_host, locate
from playground.host.levels import Level, level
from playground.host.middleware import ArtifactHostMiddleware

ONE_HOST = {"ARTIFACT_HOST": "localhost:9000", "ARTIFACT_WILDCARD": False}
TWO_NAMES = {
    "PUBLIC_URL": "https://play.example.com",
    "SECURE": True,
    "ARTIFACT_HOST": "artifacts.example.com",
    "APP_HOSTS": ["play.example.com", "localhost"],
    "ALLOWED_HOSTS": ["play.example.com", "localhost", ".artifacts.example.com"],
}


@pytest.fixture
def version(alice: User) -> Version:
    return create_artifact(owner=alice, title="Game", files={"index.html": b"<p>mine"})


@pytest.mark.parametrize("host", ["localhost:8000", "localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_the_apps_hosts(host: str) -> None:
    assert not is_artifact_host(host)


@pytest.mark.parametrize(
    "host", ["a.localhost:8000", "A.LocalHost:8000", "a.localhost.:8000", "a.b.localhost", "a.localhost:1"]
)
def test_all_below_it_is_the_artifacts(host: str) -> None:
    assert is_artifact_host(host)


def test_the_bare_artifact_host_is_not_the_apps() -> None:
    with override_settings(**TWO_NAMES):
        assert is_artifact_host("artifacts.example.com")
        assert locate("artifacts.example.com", "/x").label == ""
        assert locate("abc.artifacts.example.com", "/x") == ("abc", "/x")
        assert not is_artifact_host("play.example.com")


def test_an_app_below_the_artifacts_domain_stays_the_app() -> None:
    with override_settings(
        PUBLIC_URL="http://play.example.com", ARTIFACT_HOST="example.com", APP_HOSTS=["play.example.com"]
    ):
        assert not is_artifact_host("play.example.com")
        assert is_artifact_host("abc.example.com")


def test_one_name_with_two_ports() -> None:
    with override_settings(**ONE_HOST):
        assert is_artifact_host("localhost:9000")
        assert not is_artifact_host("localhost:8000")
        assert locate("localhost:9000", "/abc/v/1/a.js") == ("abc", "/v/1/a.js")
        assert locate("localhost:9000", "/abc") == ("abc", "/")


LEVELS = [
    (Level.SUBDOMAINS, {}),
    (Level.OTHER_DOMAIN, {"PUBLIC_URL": "https://play.example.com", "ARTIFACT_HOST": "usercontent.example"}),
    (Level.SUBDOMAINS, {"PUBLIC_URL": "https://play.example.com", "ARTIFACT_HOST": "usercontent.example.com"}),
    (Level.ONE_HOST, ONE_HOST),
    (Level.ONE_HOST, TWO_NAMES | {"ARTIFACT_WILDCARD": False}),
    (Level.SAME_HOST, {"ARTIFACT_WILDCARD": False}),
    (Level.SAME_HOST, TWO_NAMES | {"ARTIFACT_WILDCARD": False, "ARTIFACT_HOST": "play.example.com:443"}),
]


@pytest.mark.parametrize(("expected", "changes"), LEVELS)
def test_levels(expected: Level, changes: dict[str, object]) -> None:
    with override_settings(**changes):
        assert level() == expected
        said = [message.id for message in [*refuse_same_host(), *say_level()]]
    ids = {Level.OTHER_DOMAIN: "I001", Level.SUBDOMAINS: "I002", Level.ONE_HOST: "W003", Level.SAME_HOST: "E001"}
    assert said == [f"playground.{ids[expected]}"]


def test_one_host_for_both_does_not_start() -> None:
    async def nothing(request: object) -> None: ...

    with override_settings(ARTIFACT_WILDCARD=False):
        with pytest.raises(ImproperlyConfigured):
            ArtifactHostMiddleware(nothing)  # type: ignore[arg-type]
        with pytest.raises(SystemCheckError, match=r"playground\.E001"):
            call_command("check", "--tag", "security")


@pytest.mark.django_db(transaction=True)
@override_settings(**ONE_HOST)
def test_an_artifact_on_the_one_spare_host(version: Version) -> None:
    client = Client()
    answer = client.get(f"/{version.artifact_id}/v/1/", headers={"Host": "localhost:9000"})
    assert answer.content.endswith(b"</script><p>mine")
    own = f"http://localhost:9000/{version.artifact_id}/"
    assert f"connect-src data: blob: {own} http://localhost:9000/shelf/;" in answer["Content-Security-Policy"]
    for path in (
        "/",
        "/api/models",
        "/admin/",
        "/accounts/login/",
        f"/a/{version.artifact_id}",
        "/static/x",
        "/healthz",
    ):
        assert client.get(path, headers={"Host": "localhost:9000"}).status_code == 404
    assert client.get(f"/{version.artifact_id}/v/1/", headers={"Host": "localhost:8000"}).status_code == 404
    permalink = client.get(f"/a/{version.artifact_id}", headers={"Host": "localhost:8000"})
    assert f"frame-src {own};" in permalink["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["a.localhost.:8000", "A.LOCALHOST:8000", "a.b.localhost:8000", "a.localhost:81"])
@pytest.mark.parametrize("path", ["/", "/api/models", "/accounts/login/"])
@pytest.mark.django_db(transaction=True)
def test_no_spelling_of_a_host_reaches_the_app(host: str, path: str) -> None:
    answer = Client().get(path, headers={"Host": host})
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer


def test_hosts_that_are_nobodys() -> None:
    assert Client().get("/", headers={"Host": "evil.example"}).status_code == 400
