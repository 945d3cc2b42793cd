"""The database as one file, by the means of its kind."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from playground.operations.backups.manifest import BackupError

# What a migration has made beside its tables, such as a trigger's; not what an extension brought.
_ROUTINES = """
SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""


def dump(target: Path) -> None:
    """A copy as of one moment, whatever is written meanwhile."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_sqlite_path())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", _name())


def check(copy: Path) -> None:
    """Raises BackupError where it is damaged in itself."""
    if copy.suffix == ".sqlite3":
        try:
            with closing(sqlite3.connect(f"file:{copy}?immutable=1", uri=True)) as database:
                (answer,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.Error as error:
            answer = str(error)
        if answer != "ok":
            raise BackupError(f"The copy of the database is damaged: {answer}")
    elif connection.vendor == "postgresql":
        _run("pg_restore", "--list", str(copy))


def is_empty() -> bool:
    return not connection.introspection.table_names()


def load(copy: Path) -> None:
    """Put the copy in place of what is there."""
    if connection.vendor == "sqlite":
        connection.close()
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(_sqlite_path())) as target:
            source.backup(target)
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
        cursor.execute(_ROUTINES)
        for (routine,) in cursor.fetchall():
            cursor.execute(f"DROP ROUTINE {routine} CASCADE")
    connection.close()
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _run("pg_restore", *options, f"--dbname={_name()}", str(copy))


def _sqlite_path() -> str:
    return str(connection.settings_dict["NAME"])


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """The password goes by the environment: a list of processes would show arguments."""
    given = connection.settings_dict
    variables = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = os.environ | {name: str(given[key]) for name, key in variables.items() if given.get(key)}
    try:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupError(f"{program} is missing: install PostgreSQL's client programs.") from None
    if done.returncode:
        raise BackupError(f"{program} failed: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}")
