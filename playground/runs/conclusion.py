"""What a run leaves in the database: checkpoints while it goes, the version and the final state at its end.

Synchronous; each function is one short transaction. Only the holder of an open run writes: the status is compared in
the same transaction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.charges import settle
from playground.accounts.models import Charge, User
from playground.artifacts.addresses import version_ref
from playground.artifacts.lineage import latest_edit
from playground.artifacts.models import Artifact, Maker, Version
from playground.artifacts.reconciliation import merge_trees
from playground.artifacts.services import Origin, add_tree, create_artifact
from playground.artifacts.trees import Tree
from playground.errors import PlaygroundError
from playground.gateway.services import cost
from playground.protocol import Event, Problem, RunFailed, RunFinished, RunStatus, Usage, VersionSaved
from playground.runs.answer import Answer
from playground.runs.checkpoints import make_checkpoint, save_checkpoint
from playground.runs.leases import held, renew_all
from playground.runs.models import Checkpoint, Conversation, Run
from playground.runs.prompting import base_version
from playground.runs.writer import LogWriter, Stretch

_TITLE = re.compile(rb"<title[^>]*>([^<]{1,300})</title>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Saved:
    """The version of a run. `edit`: the number of the one that a person saved of the same base meanwhile."""

    version: Version
    edit: int | None = None
    is_merged: bool = False  # the edit is in the run's version


def checkpoint(stretches: Sequence[tuple[Run, Stretch]]) -> set[str]:
    """Save a stretch of each run and renew its lease. Returns the runs that are no longer ours, or no longer open."""
    with transaction.atomic():
        lost = renew_all([run for run, _stretch in stretches])
        kept = [(run.pk, stretch) for run, stretch in stretches if stretch.lines and run.pk not in lost]
        Checkpoint.objects.bulk_create(make_checkpoint(pk, stretch.lines, stretch.text) for pk, stretch in kept)
    return lost


def conclude(run: Run, writer: LogWriter, answer: Answer, *, reason: str | None, problem: Problem | None) -> Stretch:
    """Save the version and the final state in one transaction; returns the last frames, to be published.

    Nothing is saved and nothing returned where somebody else has closed or claimed the run in the meantime. Where it
    raises, it can be called again.
    """
    saves = reason in ("stop", "length") and run.race_id is None  # a lane is saved when it is kept
    with writer.restoring(), transaction.atomic():
        saved, problem = _save_version(run, answer, problem) if saves else (None, problem)
        usage = answer.usage
        status = status_of(reason, problem)
        if not _close(run, status, usage, problem, saved.version if saved else None, answer.model):
            transaction.set_rollback(True)
            last = Stretch([])
        else:
            _settle(run, answer, status, problem)
            told = tell_saved(saved, differs=answer.files != answer.shown) if saved else None
            writer.add(*_last_events(usage, told, reason, problem))
            last = writer.number()
            unsaved = writer.take_unsaved()
            save_checkpoint(run.pk, unsaved.lines, unsaved.text)
    if not last.lines and not Run.objects.filter(pk=run.pk).exists():
        _settle(run, answer, status, problem)  # its conversation was deleted; what it has used, it has used
    return last


def find_cancelled(runs: Sequence[str]) -> list[str]:
    return list(Run.objects.filter(pk__in=runs, cancel_requested_at__isnull=False).values_list("pk", flat=True))


def internal_error() -> Problem:
    message = _("Something went wrong on our side. What was received is kept; please try again.")
    return Problem(code="internal", message=message, retryable=True)


def status_of(reason: str | None, problem: Problem | None) -> RunStatus:
    if problem:
        return RunStatus.FAILED
    return RunStatus.CANCELLED if reason == "cancelled" else RunStatus.FINISHED


def tell_saved(saved: Saved, *, differs: bool) -> VersionSaved:
    return VersionSaved(
        version=version_ref(saved.version),
        differs=differs or saved.is_merged,
        edit=saved.edit,
        is_merged=saved.is_merged,
    )


def _last_events(usage: Usage, saved: VersionSaved | None, reason: str | None, problem: Problem | None) -> list[Event]:
    events: list[Event] = [usage]
    if saved:
        events.append(saved)
    if problem:
        events.append(RunFailed(error=problem))
    else:
        events.append(RunFinished.model_validate({"reason": reason}))
    return events


def _close(
    run: Run, status: RunStatus, usage: Usage, problem: Problem | None, version: Version | None, model: str
) -> bool:
    return bool(
        held(run).update(
            status=status,
            usage=usage.model_dump(),
            error=problem.model_dump() if problem else None,
            version=version,
            answered_by=model[:200],
            finished_at=timezone.now(),
            lease_until=None,
        )
    )


def _settle(run: Run, answer: Answer, status: RunStatus, problem: Problem | None) -> None:
    """What the Demo reel plays uses nothing, nor does a request that was refused before the first word."""
    usage = answer.usage
    is_refused = status == RunStatus.FAILED and usage.estimated and answer.began_at is None
    is_demo = bool(run.model and run.model.is_demo)
    if is_refused or is_demo:
        usage = Usage(input_tokens=0, output_tokens=0)
    settle(
        Charge.objects.filter(run=run.pk),
        status=status,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        is_estimated=usage.estimated,
        cost=cost(run.model, usage) if run.model and not is_demo else None,
        error=problem.code if problem else "",
    )


def _save_version(run: Run, answer: Answer, problem: Problem | None) -> tuple[Saved | None, Problem | None]:
    """The version of a run that made files. Files that cannot be saved are the run's problem, not a crash."""
    files = answer.files
    if not files:
        return None, problem
    try:
        return save_files(run, files), problem
    except PlaygroundError as error:
        return None, error.problem()


def save_files(run: Run, files: dict[str, bytes]) -> Saved:
    """The version that the run makes: `files` laid over its base. The caller links it to the run, in the same
    transaction.
    """
    base = base_version(run)
    return save_tree(run, Tree(base.files if base else {}).change(files), find_title(files))


def save_tree(run: Run, tree: Tree, title: str = "") -> Saved:
    """The same with exactly these files; of a new artifact with that title."""
    owner = _lock_owner(run)
    conversation = Conversation.objects.select_related("artifact").get(pk=run.conversation_id)
    is_demo = bool(run.model and run.model.is_demo)
    origin = Origin(Maker.MODEL, run.prompt, run.model_name, is_demo, base_version(run))
    if conversation.artifact:
        return _add_beside_edits(conversation.artifact, owner, tree, origin)
    files = {path: tree.read(path) for path in tree.files}
    version = create_artifact(owner=owner, title=title or find_title(files) or run.prompt, files=files, origin=origin)
    if run.branch_of:
        version.artifact.remixed_from = run.branch_of
        version.artifact.save(update_fields=["remixed_from"])
    conversation.artifact = version.artifact
    conversation.save(update_fields=["artifact", "updated_at"])
    return Saved(version)


def _add_beside_edits(artifact: Artifact, owner: User, tree: Tree, origin: Origin) -> Saved:
    """The next version. What a person has saved of the same base while the model wrote is merged into it.

    Where the two meet in the same lines, the version is as the model made it; the person's stays beside it.
    """
    Artifact.objects.select_for_update().get(pk=artifact.pk)  # no edit may come in between
    base = origin.parent
    edit = latest_edit(base) if base else None
    if base is None or edit is None or edit == base:
        return Saved(add_tree(artifact=artifact, author=owner, tree=tree, origin=origin))
    merged, conflicts = merge_trees(Tree(base.files), tree, Tree(edit.files))
    if not conflicts:
        tree, origin = merged, replace(origin, parent=edit)
    version = add_tree(artifact=artifact, author=owner, tree=tree, origin=origin)
    return Saved(version, edit.number, is_merged=not conflicts)


def _lock_owner(run: Run) -> User:
    """Who owns the conversation by now: a guest may have signed in meanwhile, or be about to."""
    owner = User.objects.filter(conversations=run.conversation_id)
    return owner.select_for_update(of=("self",)).first() or owner.get()  # deleted while we waited: hence the second


def find_title(files: dict[str, bytes]) -> str:
    """The <title> of the first page that has one."""
    for path in sorted(files):
        if path.endswith(".html") and (match := _TITLE.search(files[path])):
            return match[1].decode(errors="replace").strip()
    return ""
