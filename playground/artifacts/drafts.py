"""The only writer of drafts: what a person changes by hand, until it is saved as a version."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from playground.accounts.models import User
from playground.artifacts.lineage import newest_descendant
from playground.artifacts.models import Artifact, Draft, Maker, Version
from playground.artifacts.reconciliation import Decision, FileConflict, decide, merge_trees
from playground.artifacts.services import Origin, add_tree
from playground.artifacts.trees import Tree
from playground.errors import NotFound, PlaygroundError


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of saving a draft: the version, or the conflicts with version number `onto` that are still to be decided."""

    version: Version | None
    conflicts: list[FileConflict]
    onto: int


def tree_of(draft: Draft) -> Tree:
    return Tree(draft.files, draft.texts)


def find_draft(artifact: Artifact) -> Draft | None:
    return Draft.objects.select_related("base__artifact", "artifact").filter(artifact=artifact).first()


@transaction.atomic
def write_draft(
    *, artifact: Artifact, base: int, revision: int, changes: Mapping[str, bytes | None], moves: Mapping[str, str]
) -> Draft:
    """Begin the draft at version `base` (with revision 0), or go on with the one of that revision."""
    draft = _lock_draft(artifact, revision) or _begin(artifact, base)
    tree = tree_of(draft).move(moves).change(changes)
    draft.files, draft.texts, draft.revision = tree.files, tree.texts, revision + 1
    draft.save()
    return draft


@transaction.atomic
def take_up(*, version: Version) -> Draft:
    """What was changed by hand in `version`, as a draft again: to be saved on top of what came beside it."""
    _lock_draft(version.artifact, 0)
    draft = Draft(artifact=version.artifact, base=version.parent or version, files=version.files)
    draft.save()
    return draft


@transaction.atomic
def discard_draft(*, artifact: Artifact, revision: int) -> None:
    if draft := _lock_draft(artifact, revision):
        draft.delete()


@transaction.atomic
def save_draft(
    *, artifact: Artifact, author: User, revision: int, onto: int | None, decisions: Mapping[str, Decision]
) -> Outcome:
    """Make the draft a version. Where a newer one stems from the same base, the two are merged.

    `decisions` hold for conflicts with version number `onto`. As long as some are open, nothing is saved and the draft
    stays.
    """
    draft = _lock_draft(artifact, revision)
    if draft is None:
        raise NotFound("draft_not_found", _("There are no unsaved changes."))
    newest = newest_descendant(draft.base)
    mine = tree_of(draft)
    tree, conflicts = merge_trees(Tree(draft.base.files), mine, Tree(newest.files))
    if any(onto != newest.number or conflict.path not in decisions for conflict in conflicts):
        return Outcome(None, conflicts, newest.number)
    tree = decide(tree, mine, {conflict.path: decisions[conflict.path] for conflict in conflicts})
    draft.delete()
    if tree.files == newest.files:  # nothing is left of the changes
        return Outcome(newest, [], newest.number)
    origin = Origin(Maker.HAND, parent=newest)
    return Outcome(add_tree(artifact=artifact, author=author, tree=tree, origin=origin), [], newest.number)


@transaction.atomic
def add_changes(*, artifact: Artifact, author: User, files: Mapping[str, bytes | None], base: int | None) -> Version:
    """A version with changes of version `base` (else of the latest), merged with what is newer than it."""
    locked = Artifact.objects.select_for_update().get(pk=artifact.pk)
    version = _find_version(locked, base) if base else locked.latest
    newest = newest_descendant(version)
    before = Tree(version.files)
    tree, conflicts = merge_trees(before, before.change(files), Tree(newest.files))
    if conflicts:
        names = ", ".join(conflict.path for conflict in conflicts)
        message = _("Version %(number)d has changed the same places: %(files)s. Start from it.")
        raise PlaygroundError("conflict", message % {"number": newest.number, "files": names}, status=409)
    return add_tree(artifact=locked, author=author, tree=tree, origin=Origin(parent=newest))


def _lock_draft(artifact: Artifact, revision: int) -> Draft | None:
    """The draft of that revision; for 0 there must be none. Writes wait for each other, at the artifact's row."""
    locked = Artifact.objects.select_for_update().get(pk=artifact.pk)
    draft = find_draft(locked)
    if revision != (draft.revision if draft else 0):
        message = _("These changes were made in another tab or on another device meanwhile, too.")
        raise PlaygroundError("draft_changed", message, status=409)
    return draft


def _begin(artifact: Artifact, number: int) -> Draft:
    base = _find_version(artifact, number)
    return Draft(artifact=artifact, base=base, files=base.files)


def _find_version(artifact: Artifact, number: int) -> Version:
    version = artifact.versions.select_related("artifact").filter(number=number).first()
    if version is None:
        raise NotFound("version_not_found", _("This version does not exist."))
    return version
