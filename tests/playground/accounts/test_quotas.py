import pytest
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.accounts.quotas import check_may_publish, check_may_start
from playground.errors import QuotaExceeded

pytestmark = pytest.mark.django_db


def count_until_refused(user: User, address: str = "10.0.0.1") -> int:
    for count in range(20):
        try:
            check_may_start(user, address)
        except QuotaExceeded:
            return count
    return 20


def test_the_refusal_says_how_long_to_wait(guest: User, settings: Settings) -> None:
    settings.GUEST_RUNS_PER_HOUR = 0
    with pytest.raises(QuotaExceeded, match=r"0 answers or uploads an hour\. Sign up .* in \d+ min\.") as refusal:
        check_may_start(guest, "10.0.0.1")
    assert refusal.value.status == 429
    assert 0 < (refusal.value.retry_after or 0) <= 3600


def test_guests_members_and_staff(guest: User, alice: User, admin: User, settings: Settings) -> None:
    settings.GUEST_RUNS_PER_HOUR, settings.USER_RUNS_PER_HOUR = 3, 5
    assert count_until_refused(guest) == 3
    assert count_until_refused(alice) == 5
    assert count_until_refused(admin) == 20


def test_new_guests_from_one_address_share_a_limit(settings: Settings) -> None:
    settings.GUEST_RUNS_PER_HOUR, settings.ADDRESS_RUNS_PER_HOUR = 3, 4
    assert count_until_refused(User.objects.create_guest()) == 3
    assert count_until_refused(User.objects.create_guest()) == 1
    assert count_until_refused(User.objects.create_guest()) == 0
    assert count_until_refused(User.objects.create_guest(), "10.0.0.2") == 3


def test_uploads_of_guests_count_like_runs(guest: User, alice: User, settings: Settings) -> None:
    settings.GUEST_RUNS_PER_HOUR = settings.USER_RUNS_PER_HOUR = 2
    for user in (guest, alice):
        check_may_publish(user, "10.0.0.1")
        check_may_publish(user, "10.0.0.1")
    with pytest.raises(QuotaExceeded):
        check_may_publish(guest, "10.0.0.1")
    assert count_until_refused(alice) == 2


def test_an_outage_of_the_cache_stops_nobody(guest: User, settings: Settings) -> None:
    settings.GUEST_RUNS_PER_HOUR = 1
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:9/0"}}
    assert count_until_refused(guest) == 20
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
