"""The end of a build: its version, with the check that it has passed, and the run's final state; in one transaction."""

from typing import Literal

from django.db import transaction
from django.utils import timezone, translation

from agents.events import Event, Finished
from agents.inspection import Report
from playground.accounts.charges import settle
from playground.accounts.models import Charge
from playground.artifacts.blobs import blob_size
from playground.artifacts.files import StoredFile, mime_type
from playground.artifacts.models import Version
from playground.artifacts.trees import Tree
from playground.builds import leases
from playground.builds.evidence import gather
from playground.builds.models import Build
from playground.builds.wording import ending
from playground.checks.services import attach_check
from playground.errors import PlaygroundError
from playground.gateway.services import cost
from playground.protocol import Event as WireEvent
from playground.protocol import Problem, RunFailed, RunFinished, RunStatus, Usage
from playground.runs.checkpoints import save_checkpoint
from playground.runs.conclusion import Saved, save_tree, tell_saved
from playground.runs.leases import held
from playground.runs.models import Run
from playground.runs.switchboard import announce
from playground.runs.writer import LogWriter, Stretch

PUBLISHED = ("done", "partial")


def conclude(build: Build, writer: LogWriter, journal: list[Event]) -> Stretch:
    """Returns the last frames, to be published; none where it is somebody else's by now, or was concluded before."""
    end = journal[-1]
    assert isinstance(end, Finished)
    with translation.override(build.language), writer.restoring(), transaction.atomic():
        if not leases.renew(build.run):
            return Stretch([])
        saved, problem = _publish(build, end)
        usage = usage_of(build)
        status = _status(end, problem)
        _close(build, status, usage, problem, saved.version if saved else None)
        _settle(build, status, usage, problem)
        Build.objects.filter(pk=build.pk).update(
            outcome="failed" if problem else end.outcome,
            code=problem.code[:20] if problem else end.code,
            message=problem.message if problem else end.message,
            wrapping=end.wrapping.model_dump() if end.wrapping else None,
            evidence=gather(journal, end.files),
            owner="",
            served_at=timezone.now(),
        )
        announce(build.run.conversation_id)
        events: list[WireEvent] = [usage]
        if saved:
            events.append(tell_saved(saved, differs=True))
        events.append(RunFailed(error=problem) if problem else RunFinished(reason=_reason(end)))
        writer.add(*events)
        last = writer.number()
        unsaved = writer.take_unsaved()
        save_checkpoint(build.pk, unsaved.lines, _retell(end))
    return last


def fail(build: Build, writer: LogWriter, problem: Problem) -> Stretch:
    """End it without anything; its journal stays, and can be forked from."""
    with writer.restoring(), transaction.atomic():
        if not leases.renew(build.run):
            return Stretch([])
        usage = usage_of(build)
        _close(build, RunStatus.FAILED, usage, problem, None)
        _settle(build, RunStatus.FAILED, usage, problem)
        Build.objects.filter(pk=build.pk).update(
            outcome="failed", code=problem.code[:20], message=problem.message, owner="", served_at=timezone.now()
        )
        announce(build.run.conversation_id)
        writer.add(usage, RunFailed(error=problem))
        last = writer.number()
        save_checkpoint(build.pk, writer.take_unsaved().lines, "")
    return last


def settle_deleted(build: Build) -> None:
    """Its conversation was deleted; what it has used, it has used."""
    if not Run.objects.filter(pk=build.pk).exists():
        _settle(build, RunStatus.CANCELLED, usage_of(build), None)


def usage_of(build: Build) -> Usage:
    used = build.used
    return Usage(
        input_tokens=int(used.get("input_tokens", 0)),
        output_tokens=int(used.get("output_tokens", 0)),
        estimated=bool(used.get("is_estimated", False)),
    )


def stored_files(files: dict[str, str]) -> dict[str, StoredFile]:
    """As a version keeps them. `files`: SHA-256 by path."""
    return {path: {"blob": sha, "mime": mime_type(path), "size": blob_size(sha)} for path, sha in files.items()}


def _publish(build: Build, end: Finished) -> tuple[Saved | None, Problem | None]:
    """Failures of both kinds are told as the run's problem."""
    run = build.run
    before = {path: file["blob"] for path, file in (run.base.files if run.base else {}).items()}
    if end.outcome == "failed":
        return None, Problem(code=end.code, message=ending(end.code, end.message), retryable=True)
    if end.outcome not in PUBLISHED or not end.files or end.files == before:
        return None, None
    try:
        with transaction.atomic():
            title = end.wrapping.title if end.wrapping else ""
            saved = save_tree(run, Tree(stored_files(end.files)), title)
    except PlaygroundError as error:
        return None, error.problem()
    if not saved.is_merged:
        _attach(saved.version, end.report)
    return saved, None


def _attach(version: Version, report: Report | None) -> None:
    """The check that the build has made of just these files counts as the version's."""
    if report and report.measured:
        attach_check(version, report.measured, report.pictures, report.isolation)


def _status(end: Finished, problem: Problem | None) -> RunStatus:
    if problem:
        return RunStatus.FAILED
    return RunStatus.CANCELLED if end.outcome == "cancelled" else RunStatus.FINISHED


def _reason(end: Finished) -> Literal["stop", "cancelled"]:
    return "cancelled" if end.outcome == "cancelled" else "stop"


def _close(build: Build, status: RunStatus, usage: Usage, problem: Problem | None, version: Version | None) -> None:
    held(build.run).update(
        status=status,
        usage=usage.model_dump(),
        error=problem.model_dump() if problem else None,
        version=version,
        answered_by=build.run.model_name,
        finished_at=timezone.now(),
        lease_until=None,
    )


def _settle(build: Build, status: RunStatus, usage: Usage, problem: Problem | None) -> None:
    model = build.run.model
    settle(
        Charge.objects.filter(run=build.pk),
        status=status,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        is_estimated=usage.estimated,
        cost=cost(model, usage) if model else None,
        error=problem.code if problem else "",
    )


def _retell(end: Finished) -> str:
    """What later answers of the conversation are told of this one."""
    if end.wrapping is None:
        return ending(end.code, end.message)
    notes = [*end.wrapping.controls, *end.wrapping.known_issues]
    return "\n".join([end.wrapping.title, end.wrapping.summary, *(f"- {note}" for note in notes)])
