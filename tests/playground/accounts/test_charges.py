"""What may be used within a day, and what counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet
from pytest_django.fixtures import Settings

from playground.accounts.charges import open_charge, settle, today
from playground.accounts.models import Charge, User
from playground.accounts.quotas import check_may_publish, check_may_start
from playground.accounts.services import adopt_guest
from playground.errors import QuotaExceeded

pytestmark = pytest.mark.django_db
HERE = "10.0.0.1"


@pytest.fixture(autouse=True)
def _limits(settings: Settings) -> None:
    settings.RUNS_PER_DAY = {"guest": 3, "address": 4, "user": 5}
    settings.TOKENS_PER_DAY = {"guest": 100, "address": 250, "user": 0}
    settings.COST_PER_DAY = {"guest": Decimal(0), "address": Decimal(0), "user": Decimal(0)}


def use(
    user: User, input_tokens: int = 0, output_tokens: int = 0, cost: Decimal | None = None, address: str = HERE
) -> QuerySet[Charge]:
    charge = open_charge(user=user, address=address, run="", kind="chat", model="m")
    charges = Charge.objects.filter(pk=charge.pk)
    settle(charges, status="cancelled", input_tokens=input_tokens, output_tokens=output_tokens, cost=cost)
    return charges


def refusal(user: User, runs: int = 1, address: str = HERE) -> str:
    """Empty where nothing is refused."""
    try:
        check_may_start(user, address, runs)
    except QuotaExceeded as refused:
        return refused.message
    return ""


def test_answers_a_day(guest: User, alice: User) -> None:
    for user, limit in ((guest, 3), (alice, 5)):
        for _ in range(limit):
            assert refusal(user) == ""
            use(user)
        assert refusal(user).startswith(f"{limit} answers a day are possible.")
    with pytest.raises(QuotaExceeded) as refused:
        check_may_start(alice, HERE)
    assert refused.value.status == 429
    assert 0 < (refused.value.retry_after or 0) <= 86_400
    assert "Sign up to go on, or come back in" in refusal(guest)
    assert "You can go on in" in refusal(alice)
    check_may_publish(guest, HERE)  # an upload is no answer


def test_a_race_counts_with_all_its_lanes(alice: User) -> None:
    use(alice)
    use(alice)
    assert refusal(alice, runs=3) == ""
    assert refusal(alice, runs=4)


def test_tokens_a_day(guest: User, alice: User) -> None:
    use(guest, 60, 39)
    use(alice, 10**9)
    assert refusal(guest) == refusal(alice) == ""
    use(guest, 0, 1)
    assert refusal(guest).startswith("The 100 tokens of today are used up.")


def test_cost_a_day(alice: User, settings: Settings) -> None:
    settings.COST_PER_DAY = settings.COST_PER_DAY | {"user": Decimal("0.50")}
    use(alice, cost=Decimal("0.4999"))
    use(alice, cost=None)
    assert refusal(alice) == ""
    use(alice, cost=Decimal("0.0001"))
    assert refusal(alice).startswith("Today's budget of 0.5 is spent.")


def test_all_guests_of_one_address(alice: User) -> None:
    use(alice, 10_000)
    for _ in range(3):
        use(User.objects.create_guest(), 90)
    assert refusal(User.objects.create_guest()).startswith("The 250 tokens of today")
    assert refusal(User.objects.create_guest(), address="10.0.0.2") == ""
    assert refusal(alice) == ""


def test_a_guest_who_was_forgotten_still_counts_for_the_address() -> None:
    for _ in range(4):
        user = User.objects.create_guest()
        use(user)
        user.delete()
    assert refusal(User.objects.create_guest()).startswith("4 answers a day")


def test_what_a_guest_used_counts_for_the_member(guest: User, alice: User) -> None:
    use(guest)
    adopt_guest(guest, alice)
    for _ in range(4):
        use(alice)
    assert refusal(alice)


def test_yesterday_is_over(guest: User) -> None:
    use(guest, 1000).update(started_at=today() - timedelta(seconds=1))
    assert refusal(guest) == ""


def test_an_admin_sets_limits_for_one_person(alice: User, bob: User, guest: User) -> None:
    alice.runs_per_day, bob.runs_per_day, guest.tokens_per_day = 1, 0, 0
    for user in (alice, bob, guest):
        user.save()
    use(alice)
    assert refusal(alice)
    for _ in range(6):
        use(bob)
    assert refusal(bob) == ""  # 0: any
    use(guest, 200)
    assert refusal(guest) == ""


def test_staff_are_not_limited(admin: User) -> None:
    for _ in range(6):
        use(admin)
    assert refusal(admin) == ""


def test_a_charge_is_settled_once(alice: User) -> None:
    charges = use(alice, 5)
    settle(charges, status="finished", input_tokens=7, output_tokens=7)
    assert charges.values_list("status", "input_tokens").get() == ("cancelled", 5)
