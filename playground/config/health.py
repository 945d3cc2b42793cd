"""`/healthz`: whether the parts that the playground stands on answer."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

from playground.config.tasks import HEARTBEAT


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all answer; else 503, and each part says `ok` or what is wrong."""
    checks = {"database": _check_database, "redis": _check_redis, "worker": _check_worker}
    parts = {name: _outcome(check) for name, check in checks.items()}
    is_well = all(outcome == "ok" for outcome in parts.values())
    return JsonResponse({"status": "ok" if is_well else "degraded", **parts}, status=200 if is_well else 503)


def _outcome(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        return f"does not answer ({type(error).__name__})"


def _check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _check_redis() -> str:
    cache.set("healthz", 1, 5)
    return "ok" if cache.get("healthz") == 1 else "forgets what it is told"


def _check_worker() -> str:
    return "ok" if cache.get(HEARTBEAT) else "no sign of life in the last 30 seconds"
