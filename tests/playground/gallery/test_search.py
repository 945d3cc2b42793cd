"""Entries are found by their words, in any language, on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.accounts.models import User
from playground.artifacts.models import Artifact
from playground.artifacts.services import Origin, create_artifact
from playground.gallery.models import Entry, SearchText, Tag
from playground.gallery.search import find_entries
from playground.gallery.services import accept, submit
from tests.stores import serve_postgres

ROOT = Path(__file__).resolve().parents[3]

FOUND = [  # what is asked for, and whether the fireworks are found by it
    ("", True),
    ("firework", True),
    ("FIREWORKS night", True),
    ("fire", True),
    ("works", False),
    ("fireworks rain", False),
    ("cafe", True),
    ("烟花", True),
    ("夜空中的烟花", False),
    ("空", True),
    ("花", True),
    ("雨", False),
    ("3d", True),
    ("particles", True),
    ("粒子", True),
    ("\"fire*' & | ! : ( ) \\ <->", True),
    ("'; DROP TABLE gallery_entry; --", False),
]


def make_fireworks(owner: User) -> Entry:
    wish = "fireworks over the Café, at night, in 3D"
    files = {"index.html": b"<h1>bang</h1>"}
    artifact = create_artifact(owner=owner, title="Fireworks", files=files, origin=Origin(prompt=wish)).artifact
    entry = submit(artifact, owner)
    tag = Tag.objects.create(slug="particles", name="Particles", name_zh="粒子")
    accept(entry, None, title_zh="夜空烟花", tags=[tag])
    return entry


def check_search(owner: User) -> None:
    """Also run beside a PostgreSQL."""
    entry = make_fireworks(owner)
    found = [(wanted, find_entries(Entry.objects.shown(), wanted).exists()) for wanted, _is_found in FOUND]
    assert found == FOUND
    entry.artifact.title = "Rockets"
    entry.artifact.save(update_fields=["title"])
    entry.tags.clear()
    assert find_entries(Entry.objects.all(), "rocket").get() == entry
    assert not find_entries(Entry.objects.all(), "粒子").exists()
    Tag.objects.create(slug="sky", name="Sky").entries.add(entry)
    assert find_entries(Entry.objects.all(), "sky").get() == entry
    Artifact.objects.all().delete()
    assert not SearchText.objects.exists()
    assert not find_entries(Entry.objects.all(), "rocket").exists()


@pytest.mark.django_db
def test_search(alice: User) -> None:
    check_search(alice)


RUN = """
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from playground.accounts.models import User
from tests.playground.gallery.test_search import check_search
check_search(User.objects.create_user("alice@example.com", "correct horse"))
with connection.cursor() as cursor:
    cursor.execute("SET enable_seqscan = off")
    cursor.execute("EXPLAIN SELECT 1 FROM gallery_searchtext WHERE "
        "array_to_tsvector(string_to_array(words, ' ')) @@ '''a'':*'::tsquery")
    print(cursor.fetchall())
"""


def test_search_with_postgresql(tmp_path: Path) -> None:
    """In a process of its own, which knows no other database."""
    with serve_postgres("me") as server:
        names = ("SECRET_KEY", "DJANGO_SETTINGS_MODULE")
        environment = {name: value for name, value in os.environ.items() if name not in names}
        environment |= {"PLAYGROUND_DATA": str(tmp_path / "data"), "DATABASE_URL": server.create("found")}
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", RUN]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "Bitmap Index Scan on gallery_search" in done.stdout, done.stderr
