"""A broken entry is mended by an ordinary build, in a private copy; to publish what comes of it takes a word more."""

from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.browser import Outcome
from playground.artifacts.models import Artifact, Maker, Version, Visibility
from playground.artifacts.services import Origin, add_tree, label_version, remix_version
from playground.artifacts.trees import Tree
from playground.builds.services import start
from playground.checks.presenting import check_info
from playground.curation.health import recover
from playground.curation.models import Health, Repair, RepairState
from playground.curation.moderation import Curator
from playground.errors import PlaygroundError
from playground.gallery.models import Entry
from playground.protocol import BuildRequest

MOST_PROBLEMS = 10  # of the page's own errors that the wish tells


def order_repair(entry: Entry, curator: Curator) -> Repair:
    """Raises PlaygroundError: one is under way, no model can build, too many builds."""
    broken = entry.artifact.latest
    wish = make_wish(broken)
    try:
        with transaction.atomic():
            repair = Repair.objects.create(entry=entry, broken=broken, ordered_by=curator.user)
    except IntegrityError:
        message = _("A repair of “%(title)s” is not decided yet.") % {"title": str(entry)}
        raise PlaygroundError("repair_open", message, status=409) from None
    copy = _copy(broken, curator)
    try:
        request = BuildRequest(kind="build", prompt=wish, artifact=copy.pk, version=1)
        repair.run = async_to_sync(start)(user=curator.user, address=curator.address, request=request)
    except PlaygroundError:
        repair.delete()
        copy.delete()
        raise
    repair.save(update_fields=["run"])
    curator.note("ordered a repair of", entry)
    return repair


def make_wish(broken: Version) -> str:
    """What the check found, as the model is told it."""
    info = check_info(broken)
    failed = [f"- {gate.title}: {gate.text}" for gate in info.gates if gate.outcome == Outcome.FAILED.value]
    problems = [
        f"- {problem.path}:{problem.line} {problem.text}" if problem.path else f"- {problem.text}"
        for problem in info.problems[:MOST_PROBLEMS]
    ]
    parts = [
        _("This page does not work any more. Repair it, and keep everything else as it is: looks, words and rules."),
        "\n".join([_("What a check in a browser found:"), *failed]) if failed else "",
        "\n".join([_("What the page itself reported:"), *problems]) if problems else "",
    ]
    return "\n\n".join(part for part in parts if part)


def approve(repair: Repair, curator: Curator) -> Version:
    """The result becomes the artifact's next version, and the entry is shown again if it was hidden for being broken.

    Raises PlaygroundError where there is none, or where the artifact has changed in the meantime.
    """
    result, artifact = repair.result, repair.entry.artifact
    if result is None:
        raise PlaygroundError("no_result", _("There is no result to publish."), status=409)
    with transaction.atomic():
        locked = Artifact.objects.select_for_update().get(pk=artifact.pk)
        if locked.latest.pk != repair.broken_id:
            message = _("Its owner has made another version in the meantime. Leave it as it is, and look at that one.")
            raise PlaygroundError("changed_meanwhile", message, status=409)
        _decide(repair, curator, RepairState.APPROVED)
        prompt = repair.run.prompt if repair.run else ""
        origin = Origin(Maker.MODEL, prompt, result.model_name, parent=repair.broken)
        version = add_tree(artifact=locked, author=curator.user, tree=Tree(result.files), origin=origin)
        label_version(version=version, label=_("Repaired"))
        Repair.objects.filter(pk=repair.pk).update(published=version)
        if health := Health.objects.select_related("entry").filter(entry=repair.entry_id).first():
            recover(health)
        curator.note("published the repair of", repair.entry, version=[repair.broken.number, version.number])
    return version


def decline_repair(repair: Repair, curator: Curator) -> None:
    """Everything stays as it was. A build that is still at it is the curator's own to stop."""
    _decide(repair, curator, RepairState.DECLINED)
    curator.note("declined the repair of", repair.entry)


def _decide(repair: Repair, curator: Curator, state: RepairState) -> None:
    undecided = Repair.objects.filter(pk=repair.pk, state=RepairState.OPEN)
    if not undecided.update(state=state, decided_by=curator.user, decided_at=timezone.now()):
        raise PlaygroundError("decided", _("This has been decided already."), status=409)


def _copy(broken: Version, curator: Curator) -> Artifact:
    """Private, and no remix in the artifact's lineage: nobody is to find it there."""
    copy = remix_version(version=broken, owner=curator.user).artifact
    copy.visibility, copy.remixed_from = Visibility.PRIVATE, None
    copy.save(update_fields=["visibility", "remixed_from"])
    return copy
