"""`/healthz`: whether the parts that the playground stands on answer. `/readyz`: whether this process may get work."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from playground.config.tasks import HEARTBEAT
from playground.runs.handover import handover

type Checks = dict[str, Callable[[], str]]


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all answer; else 503, and each part says `ok` or what is wrong."""
    return _answer({"database": _check_database, "redis": _check_redis, "worker": _check_worker}, "degraded")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where new runs may be sent here. Workers do not count: answers are written by the web processes."""
    checks = {"database": _check_database, "migrations": _check_migrations, "redis": _check_redis}
    return _answer(checks | {"process": _check_process}, "not ready")


def _answer(checks: Checks, otherwise: str) -> JsonResponse:
    parts = {name: _outcome(check) for name, check in checks.items()}
    is_well = all(outcome == "ok" for outcome in parts.values())
    return JsonResponse({"status": "ok" if is_well else otherwise, **parts}, status=200 if is_well else 503)


def _outcome(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        return f"does not answer ({type(error).__name__})"


def _check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _check_migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return f"{missing} to be applied: run manage.py migrate" if missing else "ok"


def _check_redis() -> str:
    cache.set("healthz", 1, 5)
    return "ok" if cache.get("healthz") == 1 else "forgets what it is told"


def _check_worker() -> str:
    return "ok" if cache.get(HEARTBEAT) else "no sign of life in the last 30 seconds"


def _check_process() -> str:
    return "is being stopped: it takes no new work" if handover.is_draining else "ok"
