"""A backup is whole, says so where it is not, and comes back as it was."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.artifacts.blobs import drop_blob, put_blob
from playground.operations.backups.making import make_backup
from playground.operations.backups.manifest import NAME, BackupError, Manifest
from playground.operations.backups.restoring import verify_backup
from tests.stores import serve_postgres

ROOT = Path(__file__).resolve().parents[3]
BACK_UP = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from playground.accounts.models import User
from playground.artifacts.services import create_artifact
from playground.gateway.models import Endpoint
owner = User.objects.create_user("alice@example.com", "correct horse")
create_artifact(owner=owner, title="Kept", files={{"index.html": b"<h1>kept</h1>"}})
endpoint = Endpoint(name="e", base_url="http://localhost/v1"); endpoint.set_api_key("sk-kept"); endpoint.save()
call_command("backup", "{backup}")
"""
TELL = """
from playground.accounts.models import User
from playground.artifacts.files import read_file
from playground.artifacts.models import Version
from playground.gateway.models import Endpoint
files = Version.objects.get().files
print(User.objects.get().email, read_file(files["index.html"]).decode(), Endpoint.objects.get().api_key)
"""
TOLD = "alice@example.com <h1>kept</h1> sk-kept"


class Place:
    """A playground of its own, by its commands."""

    def __init__(self, data: Path, database: str = "") -> None:
        names = ("SECRET_KEY", "DJANGO_SETTINGS_MODULE")
        self.environment = {name: value for name, value in os.environ.items() if name not in names}
        self.environment |= {"PLAYGROUND_DATA": str(data), "DATABASE_URL": database}
        self.data = data

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        return (done.stdout if done.returncode == 0 else done.stderr).strip()

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)


def go_round(here: Place, there: Place, backup: Path) -> None:
    """Few processes: each takes seconds to start."""
    assert "Keep it secret." in here.shell(BACK_UP.format(backup=backup))
    assert backup.stat().st_mode & 0o077 == 0
    assert there.manage("restore", str(backup)).startswith("Restored")
    assert there.shell(TELL) == TOLD


AGAIN = """
from django.core.management import CommandError, call_command
from playground.accounts.models import User
for command in (["backup", "{backup}"], ["restore", "{backup}"]):
    try:
        call_command(*command)
    except CommandError as error:
        print(error)
User.objects.all().delete()
call_command("verify_backup", "{backup}")
call_command("restore", "{backup}", "--force")
print(User.objects.get().email)
"""


def test_there_and_back_with_sqlite(tmp_path: Path) -> None:
    backup, there = tmp_path / "backup.tar.gz", Place(tmp_path / "there")
    go_round(Place(tmp_path / "here"), there, backup)
    told = there.shell(AGAIN.format(backup=backup)).splitlines()
    assert "is there already: choose another name" in told[0]
    assert "There is a playground here already" in told[1]
    assert "is whole" in told[2]
    assert told[3].startswith("Restored")
    assert told[4] == "alice@example.com"


@pytest.fixture
def postgres() -> Iterator[Callable[[str], str]]:
    """Makes databases on a server of its own; gives their URLs."""
    with serve_postgres("me") as server:
        yield server.create


@pytest.mark.soak
def test_there_and_back_with_postgresql(tmp_path: Path, postgres: Callable[[str], str]) -> None:
    here, there = Place(tmp_path / "here", postgres("here")), Place(tmp_path / "there", postgres("there"))
    go_round(here, there, tmp_path / "backup")
    assert there.manage("restore", str(tmp_path / "backup"), "--force").startswith("Restored")
    assert "is of a postgresql database" in Place(tmp_path / "lite").manage("restore", str(tmp_path / "backup"))


@pytest.fixture
def folder(tmp_path: Path, transactional_db: None) -> Iterator[Path]:
    name = put_blob(b"kept")
    target = tmp_path / "backups" / "today"
    make_backup(target, print)
    yield target
    drop_blob(name)


BLOB = "artifacts/" + hashlib.sha256(b"kept").hexdigest()


def change_manifest(folder: Path, **values: object) -> None:
    path = folder / NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_what_is_wrong_is_named(folder: Path) -> None:
    assert verify_backup(folder).files[BLOB].size == 4
    cases: list[tuple[Callable[[Path], object], str]] = [
        (lambda copy: (copy / BLOB).write_bytes(b"kepT"), "is not what was backed up"),
        (lambda copy: (copy / BLOB).unlink(), f"{BLOB} is missing"),
        (lambda copy: (copy / "database.sqlite3").write_bytes(b"x"), "is not what was backed up"),
        (lambda copy: (copy / "database.sqlite3").unlink(), "database.sqlite3 is missing"),
        (lambda copy: (copy / NAME).unlink(), "manifest.json is missing"),
        (lambda copy: (copy / NAME).write_text("{"), "manifest.json is damaged"),
        (lambda copy: (copy / "artifacts" / "evil.sh").write_text("x"), "does not belong into a backup"),
        (lambda copy: (copy / "link").symlink_to("/etc/passwd"), "is a link"),
        (lambda copy: change_manifest(copy, format=2), "does not know backups of format 2"),
        (lambda copy: change_manifest(copy, files={}), "database.sqlite3 is missing"),
    ]
    for number, (spoil, message) in enumerate(cases):
        copy = folder.with_name(f"copy-{number}")
        shutil.copytree(folder, copy)
        spoil(copy)
        with pytest.raises(BackupError, match=message):
            verify_backup(copy)
    with pytest.raises(BackupError, match="is not there"):
        verify_backup(folder.with_name("nowhere"))


def test_a_database_that_was_damaged_before_it_was_backed_up(folder: Path) -> None:
    path = folder / "database.sqlite3"
    content = bytearray(path.read_bytes())
    content[5000:9000] = b"\xff" * 4000
    path.write_bytes(content)
    manifest = Manifest.model_validate_json((folder / NAME).read_text())
    manifest.files["database.sqlite3"].sha256 = hashlib.sha256(content).hexdigest()
    (folder / NAME).write_text(manifest.model_dump_json())
    with pytest.raises(BackupError, match="copy of the database is damaged"):
        verify_backup(folder)


def test_a_tar_that_was_cut_is_no_backup(tmp_path: Path, transactional_db: None) -> None:
    for name in ("a.tar", "a.tar.gz"):
        whole = tmp_path / name
        make_backup(whole, print)
        assert verify_backup(whole).engine == "sqlite"
        whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        with pytest.raises(BackupError, match=r"cannot be read to its end|missing"):
            verify_backup(whole)


def test_a_tar_with_links_is_no_backup(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        link = tarfile.TarInfo("database.sqlite3")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupError, match="is no plain file"):
        verify_backup(tmp_path / "a.tar")


def test_a_backup_of_a_newer_playground_is_refused(folder: Path, tmp_path: Path) -> None:
    change_manifest(folder, migrations={"accounts": ["0001_initial", "9999_future"], "gone": ["0001_initial"]})
    there = Place(tmp_path / "there")
    assert "this one does not know accounts.9999_future" in there.manage("restore", str(folder))


def test_a_damaged_file_is_told_and_a_failed_backup_leaves_nothing(
    tmp_path: Path, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = put_blob(b"before")
    told: list[str] = []
    blob = Path(os.environ["PLAYGROUND_DATA"]) / "artifacts" / name[:2] / name
    blob.write_bytes(b"after!")
    make_backup(tmp_path / "told", told.append)
    assert told == [f"{name} is damaged in the storage: it is backed up as it is."]
    drop_blob(name)

    def fail() -> Iterator[str]:
        raise OSError("the disk is full")

    monkeypatch.setattr("playground.operations.backups.making.list_blobs", fail)
    with pytest.raises(OSError, match="the disk is full"):
        make_backup(tmp_path / "failed", print)
    assert [path.name for path in tmp_path.iterdir()] == ["told"]
