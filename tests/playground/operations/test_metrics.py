"""What `/metrics` tells, and to whom."""

import pytest
import redis
from django.conf import settings as django_settings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from playground.accounts.charges import open_charge, settle
from playground.accounts.models import Charge, User
from playground.runs.models import Conversation, Run

pytestmark = pytest.mark.django_db

type Samples = dict[tuple[str, tuple[str, ...]], float]


def read(client: Client) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (each.name, tuple(value for _name, value in sorted(each.labels.items()))): each.value
        for family in families
        for each in family.samples
    }


def test_runs_tokens_and_errors_of_today(client: Client, alice: User) -> None:
    for run, status, error in (("r1", "finished", ""), ("r2", "failed", "overloaded")):
        open_charge(user=alice, address="", run=run, kind="chat", model="qwen")
        settle(Charge.objects.filter(run=run), status=status, input_tokens=10, output_tokens=5, error=error)
    open_charge(user=alice, address="", run="r3", kind="chat", model="qwen")
    Run.objects.create(conversation=Conversation.objects.create(owner=alice), prompt="x", status="running")
    samples = read(client)
    assert samples["playground_runs_total", ("chat", "finished")] == 1
    assert samples["playground_runs_total", ("chat", "failed")] == 1
    assert samples["playground_run_errors_total", ("overloaded",)] == 1
    assert samples["playground_tokens_total", ("input", "qwen")] == 20
    assert samples["playground_runs_open", ("chat",)] == 1
    assert samples["playground_store_up", ("database",)] == 1


def test_queues(client: Client) -> None:
    broker = redis.Redis.from_url(django_settings.REDIS_URL)
    broker.lpush("checks", "a", "b")
    try:
        samples = read(client)
    finally:
        broker.delete("checks")
    assert samples["playground_queue_messages", ("checks",)] == 2
    assert samples["playground_store_seconds", ("redis",)] < 2


def test_a_redis_that_is_away_is_told_and_stops_nothing(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    samples = read(client)
    assert samples["playground_store_up", ("redis",)] == 0
    assert samples["playground_store_up", ("database",)] == 1


def test_requests_are_counted(client: Client) -> None:
    before = read(client).get(("playground_http_request_seconds_count", ("GET", "404")), 0)
    client.get("/nowhere")
    assert read(client)["playground_http_request_seconds_count", ("GET", "404")] == before + 1


def test_only_from_named_networks(client: Client, settings: Settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


def test_with_a_token_from_anywhere(client: Client, settings: Settings) -> None:
    def ask(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "10.0.0.1"}
        return client.get("/metrics", REMOTE_ADDR="10.0.0.7", headers=headers).status_code

    assert ask("") == 403
    settings.METRICS_TOKEN = "of-the-metrics"
    assert ask("of-the-metrics") == 200
    assert ask("of-the-metric") == 403
    assert ask("Ünicode") == 403


def test_a_page_of_another_site_cannot_read_it(client: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    assert client.get("/metrics", headers=headers).status_code == 403
