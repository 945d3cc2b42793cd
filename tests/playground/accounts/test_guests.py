"""A guest's work belongs to whoever the guest signs in or up as."""

import pytest
from django.test import Client

from playground.accounts.models import User
from playground.accounts.tasks import forget_idle_guests
from playground.artifacts.models import Artifact
from playground.runs.models import Conversation

pytestmark = pytest.mark.django_db

FILES = {"files": {"index.html": "<p>Hi</p>"}, "title": "Hi"}


def publish(client: Client) -> str:
    answer = client.post("/api/artifacts", FILES, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def test_a_visitor_becomes_a_guest_with_the_first_work() -> None:
    client = Client()
    client.get("/")
    assert User.objects.count() == 0
    artifact = publish(client)
    assert Artifact.objects.get(pk=artifact).owner.is_guest
    publish(client)
    assert User.objects.count() == 1


def test_signing_up_keeps_the_work() -> None:
    client = Client()
    artifact = publish(client)
    answer = client.post("/accounts/signup/", {"email": "new@example.com", "password1": "correct horse 7"})
    assert answer.status_code == 302, answer.content
    user = User.objects.get()
    assert (user.email, user.is_guest) == ("new@example.com", False)
    assert Artifact.objects.get(pk=artifact).owner == user
    assert client.get("/settings/").status_code == 200


def test_signing_in_hands_the_work_over(alice: User) -> None:
    client = Client()
    artifact = publish(client)
    guest = User.objects.get(is_guest=True)
    Conversation.objects.create(owner=guest, title="wish")
    client.post("/accounts/login/", {"login": "alice@example.com", "password": "correct horse"})
    assert Artifact.objects.get(pk=artifact).owner == alice
    assert Conversation.objects.get().owner == alice
    assert not User.objects.filter(is_guest=True).exists()


def test_a_wrong_password_changes_nothing(alice: User) -> None:
    client = Client()
    publish(client)
    client.post("/accounts/login/", {"login": "alice@example.com", "password": "wrong"})
    assert User.objects.filter(is_guest=True).count() == 1


def test_a_member_signing_in_as_another_takes_nothing_along(alice: User, bob: User) -> None:
    client = Client()
    client.force_login(bob)
    artifact = publish(client)
    client.post("/accounts/login/", {"login": "alice@example.com", "password": "correct horse"})
    assert Artifact.objects.get(pk=artifact).owner == bob


def test_idle_guests_are_forgotten_and_nobody_else(alice: User, guest: User) -> None:
    User.objects.update(last_seen="2020-01-01T00:00:00Z")
    forget_idle_guests()
    assert list(User.objects.all()) == [alice]


def test_a_password_can_be_reset(alice: User, mailoutbox: list[object]) -> None:
    Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    assert len(mailoutbox) == 1
