"""The pool of connections to PostgreSQL, after that was away."""

from typing import Any

from django.db import connection


def check_connection(candidate: Any) -> None:
    """Raises where the connection is dead. Then all in the pool are looked at: one by one, psycopg would wait a second
    after the first, two after the second, four after the third.
    """
    pool: Any = connection.pool  # type: ignore[attr-defined]  # PostgreSQL's
    try:
        pool.check_connection(candidate)
    except Exception:
        pool.check()
        raise
