from datetime import UTC, datetime

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pydantic import BaseModel, ConfigDict, Field

NAME = "manifest.json"
FORMAT = 1
SECRET = "secret_key"
BLOBS = "artifacts/"
ENGINES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
NAMES = rf"^(?:database\.(?:sqlite3|dump)|{SECRET}|{BLOBS}[0-9a-f]{{64}})$"


class BackupError(Exception):
    """The message says what is wrong and what to do."""


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=0)  # bytes
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: int = FORMAT
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    engine: str
    migrations: dict[str, list[str]]  # applied ones, by application
    files: dict[str, Item] = Field(default_factory=dict)

    @property
    def database(self) -> str:
        return ENGINES[self.engine]


def begin_manifest() -> Manifest:
    return Manifest(engine=engine(), migrations=applied())


def engine() -> str:
    if connection.vendor not in ENGINES:
        raise ImproperlyConfigured(f"Backups of {connection.vendor} databases are not possible.")
    return connection.vendor


def applied() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def check_migrations(manifest: Manifest) -> None:
    """A database that is newer than the program cannot be used by it. An older one is migrated afterwards."""
    known = set(MigrationLoader(None).disk_migrations or {})
    apps = {app for app, _name in known}
    newer = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if app in apps and (app, name) not in known
    ]
    if newer:
        raise BackupError(f"The backup is of a newer Playground: this one does not know {', '.join(newer[:5])}.")
