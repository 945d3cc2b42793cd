import os

import pytest
from django.core.management import call_command
from django.test import Client

from playground.accounts.models import ApiToken, User

pytestmark = pytest.mark.django_db


def test_the_first_admin_by_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_SUPERUSER_PASSWORD", "correct horse")
    call_command("createsuperuser", "--noinput", "--email", "Root@Example.com")
    client = Client()
    assert client.login(username="root@example.com", password="correct horse")
    assert client.get("/admin/").status_code == 200


def test_an_admin_adds_a_member(admin: User) -> None:
    client = Client()
    client.force_login(admin)
    form = {"email": "Carol@Example.com", "password1": "correct horse 7", "password2": "correct horse 7"}
    client.post("/admin/accounts/user/add/", form)
    assert User.objects.filter(email="carol@example.com", is_guest=False).exists()
    again = client.post("/admin/accounts/user/add/", form | {"email": "CAROL@example.com"})
    assert "already exists" in again.content.decode()


def test_an_admin_blocks_a_guest(admin: User, guest: User) -> None:
    client = Client()
    client.force_login(admin)
    client.post(f"/admin/accounts/user/{guest.pk}/change/", {"name": "", "email": ""})
    guest.refresh_from_db()
    assert (guest.is_active, guest.email, guest.is_guest) == (False, None, True)


def test_a_token_is_not_shown(admin: User, alice: User) -> None:
    token, plain = ApiToken.objects.issue(alice, "laptop")
    client = Client()
    client.force_login(admin)
    page = client.get(f"/admin/accounts/apitoken/{token.pk}/change/").content.decode()
    assert token.prefix in page
    assert plain not in page
    assert token.digest not in page


def test_members_are_kept_out(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    assert client.get("/admin/").status_code == 302
