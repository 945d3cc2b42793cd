"""`/readyz` says whether this process may get work; every answer of the app has a request id."""

import re

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django.fixtures import Settings

from playground.runs.handover import handover
from tests.conftest import HostClient

pytestmark = pytest.mark.django_db


def test_ready_without_a_worker(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.json() == {"status": "ok", "database": "ok", "migrations": "ok", "redis": "ok", "process": "ok"}
    assert client.get("/healthz").json()["status"] == "degraded"


def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    (last,) = (name for app, name in MigrationLoader(connection).graph.leaf_nodes("accounts"))
    MigrationRecorder(connection).record_unapplied("accounts", last)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 to be applied: run manage.py migrate"


def test_not_ready_while_the_process_is_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "is_draining", True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert client.get("/healthz").json()["database"] == "ok"


def test_not_ready_without_redis(client: Client, settings: Settings) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:9/0"}}
    answer = client.get("/readyz")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert answer.status_code == 503
    assert answer.json()["redis"] == "does not answer (ConnectionError)"


def test_an_answer_carries_the_id_of_its_request(client: Client) -> None:
    made = [client.get("/healthz")["X-Request-ID"] for _ in range(2)]
    assert made[0] != made[1]
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in made)
    assert client.get("/healthz", headers={"X-Request-ID": "from-the-proxy"})["X-Request-ID"] == "from-the-proxy"
    assert client.get("/healthz", headers={"X-Request-ID": "a\nb" * 9})["X-Request-ID"] not in ("", "a\nb" * 9)


@pytest.mark.django_db(transaction=True)
async def test_artifact_hosts_know_none_of_these() -> None:
    for path in ("/metrics", "/readyz", "/healthz"):
        answer = await HostClient("abcdefgh12345678.localhost:8000").get(path)
        assert answer.status_code == 404, path
        assert "X-Request-ID" not in answer
