"""What is forgotten, and what never is."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from playground.accounts.charges import open_charge
from playground.accounts.models import AuditEntry, Charge, User
from playground.artifacts.blobs import FRESH, list_blobs, put_blob, read_blob
from playground.artifacts.drafts import write_draft
from playground.artifacts.files import StoredFile
from playground.artifacts.models import Draft, Version
from playground.artifacts.services import create_artifact
from playground.checks.models import Check, State
from playground.host.models import Rendition
from playground.operations import retention
from playground.operations.retention import clean_up, drop_orphans
from playground.protocol import Frame, RunFinished, RunStarted, TextDelta, Usage
from playground.runs.checkpoints import load_answer, load_frames, save_checkpoint
from playground.runs.lines import lines_of
from playground.runs.models import Conversation, Run

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OLD = NOW - timedelta(days=40)


@pytest.fixture(autouse=True)
def _days(settings: Settings) -> None:
    settings.KEEP_DAYS = dict.fromkeys(settings.KEEP_DAYS, 0)


def keep(settings: Settings, kind: str, days: int = 30) -> None:
    settings.KEEP_DAYS = settings.KEEP_DAYS | {kind: days}


def make_version(owner: User, text: bytes = b"<h1>x</h1>") -> Version:
    return create_artifact(owner=owner, title="x", files={"index.html": text})


def age(name: str, days: float) -> None:
    path = Path(os.environ["PLAYGROUND_DATA"]) / "artifacts" / name[:2] / name
    when = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (when, when))


def test_nothing_is_forgotten_where_no_days_are_set(alice: User) -> None:
    version = make_version(alice)
    Draft.objects.create(artifact=version.artifact, base=version, files=version.files)
    Draft.objects.update(updated_at=OLD)
    User.objects.update(last_seen=OLD)
    assert clean_up() == {}
    assert Draft.objects.exists()


def test_logs_are_shortened_and_still_end(client: Client, alice: User, settings: Settings) -> None:
    conversation = Conversation.objects.create(owner=alice)
    runs = {}
    for prompt, finished_at in (("old", OLD), ("旧的", OLD), ("new", NOW)):
        run = Run.objects.create(conversation=conversation, prompt=prompt, status="finished", finished_at=finished_at)
        events = [RunStarted(model="m"), TextDelta(text="many words"), Usage(input_tokens=1, output_tokens=2)]
        frames = [Frame(run=run.pk, seq=n, at=n, event=event) for n, event in enumerate(events, 1)]
        save_checkpoint(run.pk, lines_of(frames), "many words")
        save_checkpoint(run.pk, lines_of([Frame(run=run.pk, seq=4, at=9, event=RunFinished(reason="stop"))]), "")
        runs[prompt] = run.pk
    keep(settings, "logs")
    assert clean_up() == {"logs": 2}
    assert clean_up() == {"logs": 0}
    frames = load_frames(runs["old"], 0)
    assert [frame.seq for frame in frames] == [1, 2, 3, 4]
    assert [frame.event.type for frame in frames] == ["run.started", "text.delta", "usage", "run.finished"]
    assert frames[1].event == TextDelta(text="The words of this answer are no longer kept.")
    assert load_frames(runs["旧的"], 0)[1].event != frames[1].event
    assert (load_answer(runs["old"]), load_answer(runs["new"])) == ("", "many words")


def test_drafts_audit_and_usage(alice: User, settings: Settings) -> None:
    for at in (OLD, NOW):
        version = make_version(alice)
        draft = write_draft(artifact=version.artifact, base=1, revision=0, changes={"a.txt": b"a"}, moves={})
        Draft.objects.filter(pk=draft.pk).update(updated_at=at)
        AuditEntry.objects.create(at=at, actor_name="a", action="x")
        charge = open_charge(user=alice, address="10.0.0.1", run="", kind="chat", model="m")
        Charge.objects.filter(pk=charge.pk).update(started_at=at)
    clean_up()
    assert sorted(Charge.objects.values_list("address", flat=True)) == ["", "10.0.0.1"]  # whatever is set
    for kind in ("drafts", "audit", "usage"):
        keep(settings, kind)
    assert clean_up() == {"drafts": 1, "audit": 1, "usage": 1}
    assert (Draft.objects.count(), AuditEntry.objects.count(), Charge.objects.count()) == (1, 1, 1)


def test_pictures_of_checks_but_the_thumbnail(alice: User, settings: Settings) -> None:
    pictures = {"0.5": "a" * 64, "film": "b" * 64, "thumbnail": "c" * 64}
    for state, at in ((State.DONE, OLD), (State.DONE, NOW), (State.QUEUED, OLD)):
        Check.objects.create(version=make_version(alice), state=state, finished_at=at, pictures=pictures)
    keep(settings, "pictures")
    assert [clean_up(), clean_up()] == [{"pictures": 1}, {"pictures": 0}]
    assert Check.objects.get(state=State.DONE, finished_at=OLD).pictures == {"thumbnail": "c" * 64}


def test_only_files_that_nothing_refers_to_are_dropped(alice: User, settings: Settings) -> None:
    version = make_version(alice, b"<h1>of a version</h1>")
    names = {kind: put_blob(kind.encode()) for kind in ("run", "draft", "check", "rendition", "orphan", "young")}
    conversation = Conversation.objects.create(owner=alice)
    Run.objects.create(conversation=conversation, prompt="x", images=[{"blob": names["run"], "mime": "image/png"}])
    files: dict[str, StoredFile] = {"a": {"blob": names["draft"], "mime": "", "size": 5}}
    Draft.objects.create(artifact=version.artifact, base=version, files=files)
    Check.objects.create(version=version, pictures={"0.5": names["check"]})
    Rendition.objects.create(key="k", version=version, forms={"br": names["rendition"]})
    for name in list_blobs():
        age(name, 40)
    age(names["young"], 20)
    keep(settings, "orphans")
    clean_up()
    left = set(list_blobs())
    assert names["orphan"] not in left
    assert {version.files["index.html"]["blob"], *names.values()} - left == {names["orphan"]}
    assert read_blob(names["run"]) == b"run"


def test_an_orphan_that_is_put_again_is_not_dropped(settings: Settings) -> None:
    name = put_blob(b"again")
    age(name, 400)
    assert put_blob(b"again") == name  # and only then will a row refer to it
    drop_orphans(NOW)
    assert name in set(list_blobs())
    age(name, FRESH / timedelta(days=1) + 0.1)
    drop_orphans(NOW)
    assert name not in set(list_blobs())


def test_one_that_fails_does_not_keep_the_others(
    alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    AuditEntry.objects.create(at=OLD, actor_name="a", action="x")
    keep(settings, "audit")
    keep(settings, "logs")
    monkeypatch.setitem(retention._STEPS, "logs", lambda _: 1 // 0)
    assert clean_up() == {"audit": 1}
