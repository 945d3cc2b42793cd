"""What a permalink tells of a version, and likes."""

import re

import pytest
from django.test import Client

from playground.accounts.charges import open_charge, settle
from playground.accounts.models import Charge, User
from playground.accounts.quotas import LIKES_PER_HOUR
from playground.accounts.services import adopt_guest
from playground.artifacts.models import Artifact, Like, Maker, Version, Visibility
from playground.artifacts.services import Origin, create_artifact, remix_version
from playground.runs.models import Conversation, Run
from tests.conftest import connect_model

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"accept": "application/json"}


@pytest.fixture
def version(alice: User) -> Version:
    """Made by a model, for a price."""
    origin = Origin(maker=Maker.MODEL, prompt="A lantern that sways", model_name="Qwen3-Coder")
    version = create_artifact(owner=alice, title="Lantern", files={"index.html": b"<h1>Hi"}, origin=origin)
    model = connect_model("http://localhost:1", price_input=1, price_output=2)
    conversation = Conversation.objects.create(owner=alice, title="Lantern", artifact=version.artifact)
    run = Run.objects.create(
        conversation=conversation,
        prompt="A lantern that sways",
        model=model,
        model_name="Qwen3-Coder",
        sampling={"temperature": 0.4, "seed": 7, "top_p": None, "system_prompt": "Speak like a pirate"},
        usage={"type": "usage", "input_tokens": 1200, "output_tokens": 3400, "estimated": False},
        status="finished",
        version=version,
    )
    Run.objects.update(finished_at=run.created_at.replace(microsecond=0), created_at=run.created_at.replace(second=0))
    return version


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(version: Version, client: Client | None = None) -> str:
    """Its text without the tags."""
    html = (client or Client()).get(version.artifact.get_absolute_url()).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_recipe_is_told(version: Version, alice: User) -> None:
    told = page(version)
    for part in ("A lantern that sways", "Model Qwen3-Coder", "temperature 0.4, seed 7", "1,200 in, 3,400 out"):
        assert part in told
    assert "Cost 0.008" in told  # 1200 at 1, 3400 at 2, a million
    assert "pirate" not in told
    assert "a system prompt of its own" not in told
    assert "a system prompt of its own" in page(version, client_of(alice))


def test_what_was_charged_is_what_it_cost(version: Version, alice: User) -> None:
    run = Run.objects.get()
    open_charge(user=alice, address="", run=run.pk, kind="chat", model="Qwen3-Coder")
    settle(Charge.objects.all(), status="finished", input_tokens=1, output_tokens=1, cost=3)  # type: ignore[arg-type]
    assert "Cost 3.00" in page(version)


def test_of_a_demo_nothing_was_used(version: Version) -> None:
    Version.objects.update(is_demo=True)
    told = page(version)
    assert "written by hand, no model was running" in told
    assert "Tokens" not in told


def test_remixes_are_told_both_ways_but_no_secrets(version: Version, alice: User, bob: User) -> None:
    remix = remix_version(version=version, owner=bob)
    Artifact.objects.filter(pk=remix.artifact_id).update(title="Paper lantern")
    assert "remix of Lantern" in page(remix)
    assert "Paper lantern" not in page(version)  # it is for those who have its link
    assert "Paper lantern" in page(version, client_of(bob))
    Artifact.objects.filter(pk=remix.artifact_id).update(visibility=Visibility.PUBLIC)
    assert "Paper lantern" in page(version)
    Artifact.objects.filter(pk=version.artifact_id).update(visibility=Visibility.PRIVATE)
    assert "remix of" not in page(remix)


def test_a_person_likes_once_and_no_longer(version: Version, bob: User) -> None:
    url = f"/a/{version.artifact_id}/like"
    client = client_of(bob)
    answer = client.post(url)
    assert (answer.status_code, answer["Location"]) == (302, f"/a/{version.artifact_id}#about")
    assert 'aria-pressed="true"' in client.get(f"/a/{version.artifact_id}").content.decode()
    assert client.post(url, headers=JSON).json() == {"is_liked": False, "likes": 0}
    assert client.post(url, headers=JSON).json() == {"is_liked": True, "likes": 1}
    assert Client().post(url, headers=JSON).json() == {"is_liked": True, "likes": 2}  # a guest
    assert client.get(url).status_code == 405


def test_likes_heed_who_may_open_it(version: Version, bob: User) -> None:
    Artifact.objects.update(visibility=Visibility.PRIVATE)
    assert client_of(bob).post(f"/a/{version.artifact_id}/like").status_code == 404
    assert not Like.objects.exists()


def test_a_like_comes_along_to_the_account(version: Version, bob: User, guest: User) -> None:
    for user in (bob, guest):
        Like.objects.create(artifact=version.artifact, user=user)
    adopt_guest(guest, bob)
    assert Like.objects.get().user == bob


def test_guests_of_one_address_cannot_like_for_ever(version: Version) -> None:
    url = f"/a/{version.artifact_id}/like"
    for _guest in range(LIKES_PER_HOUR):
        assert Client().post(url, headers=JSON).status_code == 200
    refused = Client().post(url, headers=JSON)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "quota_exceeded")
    assert "You may like" in Client().post(url, follow=True).content.decode()
    assert Like.objects.count() == LIKES_PER_HOUR


def test_the_owner_says_what_it_is(version: Version, alice: User, bob: User) -> None:
    url = f"/a/{version.artifact_id}/words"
    sent = {"title": "  Paper   lantern ", "description": "It sways <b>softly</b>."}
    assert client_of(bob).post(url, sent).status_code == 404
    assert client_of(alice).post(url, sent)["Location"].endswith("#words")
    html = Client().get(f"/a/{version.artifact_id}").content.decode()
    assert "<h1>Paper lantern</h1>" in html
    assert '<meta property="og:description" content="It sways &lt;b&gt;softly&lt;/b&gt;.">' in html
    refused = client_of(alice).post(url, {"title": " ", "description": "x"}, follow=True)
    assert "Nothing was changed" in refused.content.decode()
    changed = client_of(alice).patch(
        f"/api/artifacts/{version.artifact_id}", {"description": ""}, content_type="application/json"
    )
    assert (changed.json()["title"], changed.json()["description"]) == ("Paper lantern", "")
    assert 'content="A lantern that sways"' in Client().get(f"/a/{version.artifact_id}").content.decode()


def test_the_links_are_there_to_be_copied_and_scanned(version: Version) -> None:
    html = Client().get(version.get_absolute_url()).content.decode()
    assert f'value="http://localhost:8000/a/{version.artifact_id}"' in html
    assert f'value="http://localhost:8000/a/{version.artifact_id}/v/1"' in html
    assert re.search(r'<svg viewBox="0 0 \d+ \d+" class="qr">', html)
