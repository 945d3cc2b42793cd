"""What people see of what they have used, and what the admin sees of all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from playground.accounts.charges import open_charge, settle, today
from playground.accounts.models import Charge, User
from playground.operations.usage import overview
from playground.runs.models import Conversation, Race, Run

pytestmark = pytest.mark.django_db


def use(
    user: User, model: str = "qwen", run: str = "", cost: Decimal | None = None, is_estimated: bool = False
) -> Charge:
    charge = open_charge(user=user, address="", run=run, kind="chat", model=model)
    charges = Charge.objects.filter(pk=charge.pk)
    settle(charges, status="finished", input_tokens=1_200, output_tokens=34, cost=cost, is_estimated=is_estimated)
    return charge


def test_a_person_sees_what_is_theirs_alone(client: Client, alice: User, bob: User) -> None:
    use(alice, cost=Decimal("0.0123"))
    use(bob, model="bobs-model", is_estimated=True)
    client.force_login(alice)
    page = client.get("/usage/").content.decode()
    assert "1,234" in page
    assert "0.0123" in page
    assert "bobs-model" not in page
    assert "≈ 1" not in page
    client.force_login(bob)
    assert "≈ 1,234" in client.get("/usage/").content.decode()


def test_guests_see_theirs_and_visitors_sign_in(client: Client, guest: User, settings: Settings) -> None:
    assert client.get("/usage/").status_code == 302
    settings.TOKENS_PER_DAY = {"guest": 5_000}
    use(guest)
    client.force_login(guest)
    page = client.get("/usage/").content.decode()
    assert '<meter min="0" max="5000" value="1234"' in page
    assert "stays yours when you sign up" in page


def test_in_chinese(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "用量" in client.get("/usage/", headers={"Accept-Language": "zh-hans"}).content.decode()


def test_a_blind_race_is_not_told_before_its_vote(client: Client, alice: User) -> None:
    conversation = Conversation.objects.create(owner=alice)
    race = Race.objects.create(conversation=conversation, is_blind=True)
    for model in ("qwen", "other"):
        use(alice, model, Run.objects.create(conversation=conversation, race=race, prompt="x").pk)
    assert (overview(alice).models, overview(alice).today.answers) == ([], 2)
    race.verdict = "tie"
    race.save()
    assert {each.name for each in overview(alice).models} == {"qwen", "other"}


def test_last_month_is_over(alice: User) -> None:
    Charge.objects.filter(pk=use(alice).pk).update(started_at=today().replace(day=1) - timedelta(seconds=1))
    assert overview(alice).month.answers == 0
    use(alice)
    found = overview(alice)
    assert (found.month.answers, len(found.days), found.days[-1].height) == (1, timezone.now().day, 64)


def ask(client: Client, path: str = "", **query: str) -> str:
    answer = client.get(f"/admin/accounts/charge/{path}", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_staff_see_sums_by_person_model_and_day(client: Client, admin: User, alice: User, guest: User) -> None:
    use(alice, cost=Decimal("0.50"))
    use(guest, "=cmd()")
    client.force_login(admin)
    assert "alice@example.com" in ask(client)
    assert "Guests" in ask(client)
    assert "=cmd()" in ask(client, by="model")
    assert str(timezone.now().date()) in ask(client, by="day")
    assert "Nothing was used" in ask(client, first="2020-01-01", last="2020-01-02")
    lines = ask(client, "usage.csv", by="model").splitlines()
    assert sorted(lines[1:]) == ["'=cmd(),1,0,1200,34,0,,1", "qwen,1,0,1200,34,0,0.5,0"]


def test_nonsense_is_told(client: Client, admin: User) -> None:
    client.force_login(admin)
    assert "Enter a valid date" in ask(client, first="never")
    assert client.get("/admin/accounts/charge/usage.csv?by=password").status_code == 400


def test_staff_need_the_permission(client: Client, bob: User) -> None:
    bob.is_staff = True
    bob.save()
    client.force_login(bob)
    for path in ("", "usage.csv"):
        assert client.get(f"/admin/accounts/charge/{path}").status_code == 403
    bob.user_permissions.add(Permission.objects.get(codename="view_charge"))
    assert client.get("/admin/accounts/charge/").status_code == 200
    assert client.post("/admin/accounts/charge/add/").status_code == 403
