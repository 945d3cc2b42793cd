"""Rows as wire types: drafts, and versions that a person made."""

import base64

from playground import protocol
from playground.artifacts.addresses import signed_url, version_ref
from playground.artifacts.drafts import Outcome, tree_of
from playground.artifacts.edits import Conflict
from playground.artifacts.files import StoredFile, choose_entry
from playground.artifacts.lineage import newest_descendant, precursor
from playground.artifacts.models import Artifact, Draft, Maker, Version
from playground.artifacts.reconciliation import FileConflict


def file_info(path: str, file: StoredFile, content: bytes | None = None) -> protocol.FileInfo:
    """Without `content`, only what is known of it."""
    text, encoded = None, None
    if content is not None:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            encoded = base64.b64encode(content).decode()
    return protocol.FileInfo(path=path, mime=file["mime"], size=file["size"], text=text, base64=encoded)


def edited_versions(artifact: Artifact) -> list[protocol.EditedVersion]:
    """Those that a person made by editing or restoring, oldest first."""
    versions = artifact.versions.exclude(maker__in=[Maker.MODEL, Maker.REMIX]).select_related("artifact", "parent")
    return [edited_version(version) for version in versions.order_by("number") if precursor(version)]


def edited_version(version: Version) -> protocol.EditedVersion:
    before = precursor(version)
    return protocol.EditedVersion(**version_ref(version).model_dump(), before=before or 0)


def draft_info(draft: Draft, *, with_contents: bool) -> protocol.DraftInfo:
    tree = tree_of(draft)
    return protocol.DraftInfo(
        artifact=draft.artifact_id,
        base=draft.base.number,
        newest=newest_descendant(draft.base).number,
        revision=draft.revision,
        entry=choose_entry(draft.files),
        frame_url=signed_url(draft.artifact_id, f"draft/{draft.revision}"),
        files=[file_info(path, file, tree.read(path) if with_contents else None) for path, file in draft.files.items()],
    )


def draft_saved(outcome: Outcome) -> protocol.DraftSaved:
    return protocol.DraftSaved(
        version=edited_version(outcome.version) if outcome.version else None,
        onto=outcome.onto,
        conflicts=[_conflict_info(conflict) for conflict in outcome.conflicts],
    )


def _conflict_info(conflict: FileConflict) -> protocol.ConflictInfo:
    return protocol.ConflictInfo(
        path=conflict.path,
        pieces=[_piece(piece) for piece in conflict.pieces],
        mine=conflict.is_mine_there,
        theirs=conflict.is_theirs_there,
    )


def _piece(piece: str | Conflict) -> str | protocol.ConflictPlace:
    if isinstance(piece, str):
        return piece
    return protocol.ConflictPlace(base=piece.base, mine=piece.mine, theirs=piece.theirs)
