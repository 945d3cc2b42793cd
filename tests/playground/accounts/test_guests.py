"""A guest's work belongs to whoever the guest signs in or up as."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.artifacts.models import Artifact
from playground.operations.retention import clean_up
from playground.runs.models import Conversation
from tests.playground.accounts.sign_on import SignOn, running_sign_on, sign_on_with

pytestmark = pytest.mark.django_db

FILES = {"files": {"index.html": "<p>Hi</p>"}, "title": "Hi"}
NEW = {"email": "new@example.com", "password1": "correct horse 7"}


@pytest.fixture
def sign_on(settings: Settings) -> Iterator[SignOn]:
    with running_sign_on() as running:
        settings.SOCIALACCOUNT_PROVIDERS = running.providers()
        yield running


def publish(client: Client) -> str:
    answer = client.post("/api/artifacts", FILES, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def who(client: Client) -> str:
    """The e-mail address of whoever the client's session is."""
    request = RequestFactory().get("/")
    request.session = client.session
    user = get_user(request)
    return (user.email or "guest") if isinstance(user, User) else "nobody"


def test_a_visitor_becomes_a_guest_with_the_first_work() -> None:
    client = Client()
    client.get("/")
    assert User.objects.count() == 0
    artifact = publish(client)
    assert Artifact.objects.get(pk=artifact).owner.is_guest
    publish(client)
    assert User.objects.count() == 1


def test_a_guest_who_signs_up_stays_the_same_user() -> None:
    client = Client()
    artifact = publish(client)
    guest = User.objects.get()
    answer = client.post("/accounts/signup/", NEW)
    assert answer.status_code == 302, answer.content
    user = User.objects.get()
    assert (user.pk, user.email, user.is_guest) == (guest.pk, "new@example.com", False)
    assert Artifact.objects.get(pk=artifact).owner == user
    assert client.get("/settings/").status_code == 200


def test_a_visitor_can_sign_up_too() -> None:
    client = Client()
    client.post("/accounts/signup/", NEW)
    assert who(client) == "new@example.com"
    assert User.objects.count() == 1


def test_an_address_to_be_verified_first(settings: Settings, mailoutbox: list[EmailMessage]) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client = Client()
    artifact = publish(client)
    client.post("/accounts/signup/", NEW)
    assert who(client) == "nobody"
    (link,) = re.findall(r"http://testserver(/accounts/confirm-email/\S+)", str(mailoutbox[0].body))
    client.post(link)
    client.post("/accounts/login/", {"login": "new@example.com", "password": "correct horse 7"})
    assert who(client) == "new@example.com"
    assert Artifact.objects.get(pk=artifact).owner == User.objects.get()


def test_an_address_that_is_taken_changes_nothing(alice: User) -> None:
    client = Client()
    artifact = publish(client)
    client.post("/accounts/signup/", NEW | {"email": "Alice@example.com"})
    assert who(client) == "guest"
    assert Artifact.objects.get(pk=artifact).owner.is_guest


@pytest.mark.parametrize(("path", "field"), [("/accounts/login/", "login"), ("/admin/login/?next=/admin/", "username")])
def test_signing_in_hands_the_work_over(admin: User, path: str, field: str) -> None:
    client = Client()
    artifact = publish(client)
    Conversation.objects.create(owner=User.objects.get(is_guest=True), title="wish")
    client.post(path, {field: "admin@example.com", "password": "correct horse"})
    assert who(client) == "admin@example.com"
    assert Artifact.objects.get(pk=artifact).owner == admin
    assert Conversation.objects.get().owner == admin
    assert not User.objects.filter(is_guest=True).exists()


@pytest.mark.parametrize(("path", "field"), [("/accounts/login/", "login"), ("/admin/login/?next=/admin/", "username")])
def test_a_wrong_password_changes_nothing(admin: User, path: str, field: str) -> None:
    client = Client()
    publish(client)
    client.post(path, {field: "admin@example.com", "password": "wrong"})
    assert who(client) == "guest"


def test_a_member_signing_in_as_another_takes_nothing_along(alice: User, bob: User) -> None:
    client = Client()
    client.force_login(bob)
    artifact = publish(client)
    client.post("/accounts/login/", {"login": "alice@example.com", "password": "correct horse"})
    assert who(client) == "alice@example.com"
    assert Artifact.objects.get(pk=artifact).owner == bob


@pytest.mark.parametrize("process", ["login", "connect"])
def test_single_sign_on_takes_the_work_over(sign_on: SignOn, process: str) -> None:
    for _time in ("signing up", "signing in"):
        client = Client()
        artifact = publish(client)
        sign_on_with(client, process)
        assert who(client) == "ada@example.com"
        assert Artifact.objects.get(pk=artifact).owner == User.objects.get()


def test_single_sign_on_without_an_address_asks_for_it(sign_on: SignOn) -> None:
    sign_on.email = ""
    client = Client()
    artifact = publish(client)
    assert sign_on_with(client).headers["Location"] == "/accounts/3rdparty/signup/"
    client.post("/accounts/3rdparty/signup/", {"email": "new@example.com"})
    assert who(client) == "new@example.com"
    assert Artifact.objects.get(pk=artifact).owner == User.objects.get()


def test_a_sign_on_that_is_given_up_loses_nothing(sign_on: SignOn) -> None:
    sign_on.email = ""
    client = Client()
    artifact = publish(client)
    sign_on_with(client)
    assert who(client) == "nobody"
    publish(client)
    assert who(client) == "guest"
    assert Artifact.objects.get(pk=artifact).owner == User.objects.get()


def test_signing_out_leaves_nothing_to_take_over(alice: User) -> None:
    client = Client()
    publish(client)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "alice@example.com", "password": "correct horse"})
    assert not Artifact.objects.filter(owner=alice).exists()


@pytest.mark.parametrize("page", ["email", "password/change", "password/set", "3rdparty"])
def test_guests_have_no_account_to_change(page: str) -> None:
    client = Client()
    publish(client)
    form = {
        "email": "new@example.com",
        "action_add": "",
        "password1": "correct horse 7",
        "password2": "correct horse 7",
    }
    for answer in (client.get(f"/accounts/{page}/"), client.post(f"/accounts/{page}/", form)):
        assert answer.headers["Location"] == f"/accounts/login/?next=/accounts/{page}/"
    assert not User.objects.get().has_usable_password()


@pytest.mark.parametrize("page", ["email", "password/change", "3rdparty"])
def test_members_have_one(alice: User, page: str) -> None:
    client = Client()
    client.force_login(alice)
    assert client.get(f"/accounts/{page}/").status_code == 200


def test_idle_guests_are_forgotten_with_their_work_and_nobody_else(alice: User) -> None:
    publish(Client())
    User.objects.update(last_seen="2020-01-01T00:00:00Z")
    recent = User.objects.create_guest()
    clean_up()
    assert set(User.objects.all()) == {alice, recent}
    assert not Artifact.objects.exists()


def test_a_password_can_be_reset(alice: User, mailoutbox: list[EmailMessage]) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(mailoutbox[0].body))
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "battery staple 7", "password2": "battery staple 7"})
    client.post("/accounts/login/", {"login": "alice@example.com", "password": "battery staple 7"})
    assert who(client) == "alice@example.com"
