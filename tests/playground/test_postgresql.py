"""The unit tests once more, on PostgreSQL: SQLite forgives orders that nobody asked for, and much else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stores import serve_postgres

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "accounts",
    "artifacts",
    "builds",
    "checks",
    "curation",
    "gallery",
    "gateway",
    "host",
    "mcp",
    "people",
    "runs",
    "shelf",
    "takeout",
    "webhooks",
)


@pytest.mark.soak
def test_the_unit_tests_with_postgresql() -> None:
    """The database is left to the server, which is thrown away: a thread of the tests may still hold a connection."""
    folders = [str(ROOT / "tests" / "playground" / part) for part in PARTS]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--reuse-db", *folders]
    with serve_postgres("me") as server:
        environment = os.environ | {"TEST_DATABASE_URL": server.create("unit")}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stdout
