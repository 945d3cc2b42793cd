"""A build from wish to version, over the same log as any run."""

import pytest
from asgiref.sync import sync_to_async

from agents.events import read_event
from playground import protocol as wire
from playground.accounts.models import Charge, User
from playground.artifacts.files import read_file
from playground.builds.models import Build, Entry
from playground.protocol import Frame, RunFinished, RunStarted, RunStatus, VersionSaved
from playground.runs.checkpoints import load_frames
from playground.runs.following import follow
from playground.runs.models import Run
from playground.runs.presenting import SHOWN, run_info
from tests.playground.builds.scripts import GOOD, PAGE, play, start, work

pytestmark = pytest.mark.django_db(transaction=True)


async def frames_of(run: Run) -> list[Frame]:
    return [frame async for frame in follow(run.pk)]


async def test_a_wish_becomes_a_version(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice, checklist=["a counter"])
    await work()
    frames = await frames_of(run)
    assert [frame.seq for frame in frames] == list(range(1, len(frames) + 1))
    kinds = [frame.event.type for frame in frames]
    assert kinds[:3] == ["run.started", "build.began", "build.step"]
    assert kinds[-4:] == ["build.finished", "usage", "version.saved", "run.finished"]
    assert isinstance(frames[0].event, RunStarted)
    assert isinstance(frames[-1].event, RunFinished)
    assert frames == await sync_to_async(load_frames)(run.pk, 0)
    run = await Run.objects.select_related(*SHOWN).aget(pk=run.pk)
    assert run.status == RunStatus.FINISHED
    assert run.version
    assert run.version.artifact.title == "Counter"
    assert (await sync_to_async(read_file)(run.version.files["index.html"])).decode() == PAGE
    info = await sync_to_async(run_info)(run)
    assert info.build
    assert (info.build.state, info.build.outcome) == ("over", "done")
    assert [item.status for item in info.build.plan] == ["done"]
    kinds_of_evidence = [each.kind for each in info.build.plan[0].evidence]
    assert kinds_of_evidence == ["file", "step"]
    assert info.build.checklist[0].item == "1"
    charge = await Charge.objects.aget(run=run.pk)
    assert (charge.kind, charge.status, charge.input_tokens > 0) == ("build", "finished", True)


async def test_what_a_tool_did_is_told_with_its_changes(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    await work()
    events = [frame.event for frame in await frames_of(run)]
    (written,) = [e for e in events if isinstance(e, wire.ToolReturned) and e.name == "write_file"]
    (change,) = written.changes
    assert (change.path, change.before, change.added, change.removed) == ("index.html", None, 1, 0)
    assert all(len(frame.model_dump_json().encode()) <= 8_192 for frame in await frames_of(run))
    assert any(isinstance(event, wire.BuildPlanned) for event in events)
    (saved,) = [event for event in events if isinstance(event, VersionSaved)]
    assert saved.version.number == 1


async def test_a_journal_is_only_ever_added_to(monkeypatch: pytest.MonkeyPatch, alice: User) -> None:
    play(monkeypatch, *GOOD)
    run = await start(alice)
    await work()
    entries = [read_event(entry.event) async for entry in Entry.objects.filter(build=run.pk)]
    assert entries[0].type == "began"
    assert entries[-1].type == "finished"
    with pytest.raises(Exception, match="only ever added"):
        await Entry.objects.filter(build=run.pk).aupdate(fence=9)
    await sync_to_async(run.delete)()
    assert not await Build.objects.aexists()
