"""Pushes to other services, against fakes of them: what arrives there, and what is said when it does not."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from playground.accounts import quotas
from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.artifacts.services import create_artifact
from tests.playground.takeout.github import TOKEN as GITHUB_TOKEN
from tests.playground.takeout.github import FakeGithub
from tests.playground.takeout.huggingface import TOKEN as HUB_TOKEN
from tests.playground.takeout.huggingface import FakeHuggingFace, Space
from tests.playground.takeout.test_export import address, client_of

pytestmark = pytest.mark.django_db(transaction=True)

FILES = {"index.html": b"<!doctype html><script src=a/b.js></script>", "a/b.js": b"1", "dot.png": b"\x89P\0"}


@pytest.fixture
def version(alice: User) -> Version:
    return create_artifact(owner=alice, title='A "page": one', files=FILES)


@pytest.fixture
def github(settings: Settings) -> Iterator[FakeGithub]:
    with FakeGithub().running() as fake:
        settings.GITHUB_API = fake.url
        yield fake


@pytest.fixture
def hub(settings: Settings) -> Iterator[FakeHuggingFace]:
    with FakeHuggingFace().running() as fake:
        settings.HUGGINGFACE_URL = fake.url
        yield fake


def push(version: Version, user: User, service: str = "github", **body: Any) -> tuple[int, dict[str, Any]]:
    defaults = {"github": {"token": GITHUB_TOKEN, "repository": "page"}, "huggingface": {"token": HUB_TOKEN}}[service]
    answer = client_of(user).post(
        address(version, f"push/{service}"), json.dumps(defaults | body), content_type="application/json"
    )
    return answer.status_code, answer.json()


def refusal(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def test_a_new_repository_has_page_recipe_and_sources(version: Version, alice: User, github: FakeGithub) -> None:
    status, done = push(version, alice, create=True, private=True)
    assert (status, done["url"]) == (200, "https://github.test/alice/page/tree/main")
    files = github.files("alice/page")
    assert {path.removeprefix("source/"): files[path] for path in files if path.startswith("source/")} == FILES
    assert set(files) - {f"source/{path}" for path in FILES} == {"README.md", "RECIPE.md", "recipe.json", "index.html"}
    assert b"data:text/javascript" in files["index.html"] or b">1</script>" in files["index.html"]
    assert github.repositories["alice/page"].private


def test_the_same_again_makes_no_commit_and_another_moves_forward(
    version: Version, alice: User, github: FakeGithub
) -> None:
    github.add("alice/page", LICENSE_txt="mine", README_md="mine")
    first = push(version, alice)[1]["commit"]
    assert push(version, alice)[1]["commit"] == first
    version.files = {path: file for path, file in version.files.items() if path != "a/b.js"}
    version.save()
    assert push(version, alice, message="Without b")[1]["commit"] != first
    files = github.files("alice/page")
    assert "source/a/b.js" not in files
    assert (files["LICENSE.txt"], files["README.md"]) == (b"mine", b"mine")
    assert github.commits[github.repositories["alice/page"].refs["main"]]["message"] == "Without b"


def test_an_empty_repository_and_a_new_branch(version: Version, alice: User, github: FakeGithub) -> None:
    github.add("company/page", is_empty=True)
    assert push(version, alice, repository="company/page")[0] == 200
    assert push(version, alice, repository="company/page", branch="demo/one")[0] == 200
    assert github.files("company/page", "demo/one") == github.files("company/page")


def test_large_files_become_blobs(alice: User, github: FakeGithub) -> None:
    version = create_artifact(owner=alice, title="x", files={"index.html": b"x", "big.txt": b"a" * 300_000})
    github.add("alice/page")
    assert push(version, alice)[0] == 200
    assert ("POST", "/repos/alice/page/git/blobs") in github.requests
    assert github.files("alice/page")["source/big.txt"] == b"a" * 300_000


def test_every_refusal_of_github_is_explained(version: Version, alice: User, github: FakeGithub) -> None:
    assert refusal(push(version, alice, token="ghp_wrong")) == (400, "push_bad_token")
    assert refusal(push(version, alice)) == (404, "push_not_found")
    github.add("alice/page")
    assert refusal(push(version, alice, create=True)) == (400, "push_exists")
    github.push_in_between = True
    assert refusal(push(version, alice)) == (409, "push_conflict")
    assert "other.txt" in github.files("alice/page")
    assert "index.html" not in github.files("alice/page")
    github.push_in_between, github.scopes = False, False
    assert refusal(push(version, alice)) == (403, "push_forbidden")
    github.failures["/git/"] = (403, {"message": "slow"}, {"x-ratelimit-remaining": "0", "Retry-After": "120"})
    status, answer = push(version, alice)
    assert (status, answer["error"]["code"], answer["error"]["retry_after"]) == (429, "push_slow_down", 120)
    github.failures["/git/"] = (422, {"message": "odd name"}, {})
    assert "odd name" in push(version, alice)[1]["error"]["message"]
    github.failures["/git/"] = (500, {}, {})
    assert refusal(push(version, alice)) == (502, "push_refused")
    github.failures = {"/repos": (301, {}, {"Location": "http://127.0.0.1:1/elsewhere"})}
    assert refusal(push(version, alice, repository="alice/page")) == (404, "push_not_found")


def test_the_token_is_in_no_answer_and_no_log(
    version: Version, alice: User, github: FakeGithub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    github.add("alice/page")
    github.failures["/git/"] = (422, {"message": f"no: {GITHUB_TOKEN}"}, {})
    answers = [push(version, alice), push(version, alice, token="a b"), push(version, alice, repository="../..")]
    assert [status for status, _ in answers] == [422, 422, 422]
    assert GITHUB_TOKEN not in json.dumps(answers)
    assert GITHUB_TOKEN not in caplog.text


def test_names_that_lead_elsewhere_are_refused(version: Version, alice: User, github: FakeGithub) -> None:
    for body in ({"repository": "a/.."}, {"repository": "a/b/c"}, {"repository": "a?b"}, {"branch": "a/../b"}):
        assert push(version, alice, **body)[0] == 422
    assert github.requests == []


def test_a_new_space_is_static_and_says_so(version: Version, alice: User, hub: FakeHuggingFace) -> None:
    status, done = push(version, alice, "huggingface", space="alice/page", private=True)
    assert status == 200, done
    assert done["url"] == f"{hub.url}/spaces/alice/page"
    assert done["left_out"] == ["source/dot.png"]
    space = hub.spaces["alice/page"]
    assert space.private
    assert 'title: "A \\"page\\": one"\n' in space.files["README.md"].decode()
    assert 'sdk: "static"\n' in space.files["README.md"].decode()
    assert space.files["source/a/b.js"] == b"1"


def test_a_space_that_is_there_goes_on(version: Version, alice: User, hub: FakeHuggingFace) -> None:
    mine = {"README.md": b"---\nsdk: static\n---\nmine", "source/old.js": b"0", "own.txt": b"own"}
    space = hub.spaces["alice/page"] = Space(files=dict(mine))
    assert push(version, alice, "huggingface", space="alice/page")[0] == 200
    assert space.files["README.md"] == mine["README.md"]
    assert "source/old.js" not in space.files
    assert space.files["own.txt"] == b"own"


def test_every_refusal_of_hugging_face_is_explained(version: Version, alice: User, hub: FakeHuggingFace) -> None:
    def ask(space: str = "alice/page", **body: Any) -> tuple[int, str]:
        return refusal(push(version, alice, "huggingface", space=space, **body))

    assert ask(token="hf_wrong") == (400, "push_bad_token")
    assert ask("company/page") == (403, "push_forbidden")
    hub.spaces["alice/page"] = Space(sdk="gradio")
    assert ask() == (409, "push_not_static")
    hub.spaces["alice/page"] = Space(files={"README.md": b"---\n---"})
    hub.commit_in_between = True
    assert ask() == (409, "push_conflict")
    hub.failures["/preupload/"] = (200, {"files": [{"path": "index.html", "uploadMode": "lfs"}]}, {})
    assert ask() == (413, "push_too_large")
    hub.failures["/api/"] = (429, {"error": "slow"}, {})
    assert ask() == (429, "push_slow_down")


def test_who_may_open_it_may_push_it(version: Version, bob: User, github: FakeGithub) -> None:
    github.add("alice/page")
    assert push(version, bob)[0] == 200
    version.artifact.visibility = "private"
    version.artifact.save()
    github.requests.clear()
    assert push(version, bob)[0] == 404
    assert github.requests == []


def test_switched_off_and_out_of_reach(version: Version, alice: User, settings: Settings) -> None:
    settings.GITHUB_API = settings.HUGGINGFACE_URL = ""
    assert Client().get("/api/takeout").json() == {"github": None, "huggingface": None}
    assert refusal(push(version, alice)) == (404, "push_off")
    assert refusal(push(version, alice, "huggingface", space="alice/page")) == (404, "push_off")
    settings.GITHUB_API = "http://127.0.0.1:9"
    assert refusal(push(version, alice)) == (502, "push_unreachable")


def test_pushes_are_counted(version: Version, alice: User, github: FakeGithub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "PUSHES_PER_HOUR", 1)
    github.add("alice/page")
    assert push(version, alice)[0] == 200
    assert refusal(push(version, alice)) == (429, "quota_exceeded")
