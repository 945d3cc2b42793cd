import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from playground.accounts.models import ApiToken, User

pytestmark = pytest.mark.django_db


def bearer(plain: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {plain}"}


def test_the_command_prints_a_token_that_works(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_token", "alice@example.com")
    plain = capsys.readouterr().out.strip()
    assert plain.startswith("pg_")
    client = Client(enforce_csrf_checks=True)
    body = {"files": {"index.html": "<p>"}}
    answer = client.post("/api/artifacts", body, content_type="application/json", headers=bearer(plain))
    assert answer.status_code == 201
    assert alice.artifacts.count() == 1
    assert plain not in str(ApiToken.objects.values())


def test_an_unknown_address_is_said() -> None:
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("create_token", "nobody@example.com")


@pytest.mark.parametrize("plain", ["", "pg_wrong", "x" * 5000])
def test_a_wrong_token_is_refused(plain: str) -> None:
    answer = Client().get("/api/conversations", headers=bearer(plain))
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "bad_token"


def test_the_settings_page_makes_shows_once_and_deletes(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    client.post("/settings/tokens", {"name": "laptop"})
    first, second = (client.get("/settings/").content.decode() for _ in range(2))
    token = ApiToken.objects.get()
    assert first.count("pg_") > second.count("pg_")
    client.post(f"/settings/tokens/{token.pk}/delete")
    assert not ApiToken.objects.exists()


def test_nobody_deletes_anothers_token(alice: User, bob: User) -> None:
    token, _plain = ApiToken.objects.issue(alice, "laptop")
    client = Client()
    client.force_login(bob)
    assert client.post(f"/settings/tokens/{token.pk}/delete").status_code == 404
    assert ApiToken.objects.exists()


def test_guests_have_no_settings(guest: User) -> None:
    client = Client()
    client.force_login(guest)
    assert client.get("/settings/").status_code == 302
