"""Editing by hand: the owner's unsaved changes of an artifact."""

from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of
from playground.accounts.quotas import check_may_publish
from playground.artifacts import drafts
from playground.artifacts.api import decode_changes, own_artifact
from playground.artifacts.contents import is_plain_text
from playground.artifacts.presenting import draft_info, draft_saved
from playground.artifacts.reconciliation import Decision
from playground.errors import NotFound

router = Router(tags=["artifacts"])


@router.get("/artifacts/{artifact_id}/draft", response={200: protocol.DraftInfo, 204: None})
def get_draft(request: ApiRequest, artifact_id: str) -> Status[protocol.DraftInfo | None]:
    """The draft with the contents of its files; 204 where there is none."""
    draft = drafts.find_draft(own_artifact(request, artifact_id))
    return Status(200, draft_info(draft, with_contents=True)) if draft else Status(204, None)


@router.put("/artifacts/{artifact_id}/draft", response=protocol.DraftInfo)
def write_draft(request: ApiRequest, artifact_id: str, body: protocol.DraftRequest) -> protocol.DraftInfo:
    """Change the draft, or begin one. Refused with 409 where it is no longer of the given revision."""
    artifact = own_artifact(request, artifact_id)
    changes = decode_changes(body.files)
    if any(content is not None and not is_plain_text(content) for content in changes.values()):
        check_may_publish(request.user, address_of(request))
    draft = drafts.write_draft(
        artifact=artifact, base=body.base, revision=body.revision, changes=changes, moves=body.moves
    )
    return draft_info(draft, with_contents=False)


@router.delete("/artifacts/{artifact_id}/draft", response={204: None})
def discard_draft(request: ApiRequest, artifact_id: str, revision: Annotated[int, Query(ge=0)]) -> Status[None]:
    drafts.discard_draft(artifact=own_artifact(request, artifact_id), revision=revision)
    return Status(204, None)


@router.post("/artifacts/{artifact_id}/draft/save", response=protocol.DraftSaved)
def save_draft(request: ApiRequest, artifact_id: str, body: protocol.DraftSave) -> protocol.DraftSaved:
    """Make the draft a version, merged with what is newer than its base; or tell what conflicts with that."""
    artifact = own_artifact(request, artifact_id)
    check_may_publish(request.user, address_of(request))
    decisions = {path: Decision(made.side, made.text) for path, made in body.decisions.items()}
    outcome = drafts.save_draft(
        artifact=artifact, author=request.user, revision=body.revision, onto=body.onto, decisions=decisions
    )
    return draft_saved(outcome)


@router.post("/artifacts/{artifact_id}/versions/{number}/draft", response={201: protocol.DraftInfo})
def take_up(request: ApiRequest, artifact_id: str, number: int) -> Status[protocol.DraftInfo]:
    """What was changed in a version, as a draft again: to be merged with what came beside it."""
    versions = own_artifact(request, artifact_id).versions.select_related("artifact", "parent__artifact")
    version = versions.filter(number=number).first()
    if version is None:
        raise NotFound("version_not_found", _("This version does not exist."))
    return Status(201, draft_info(drafts.take_up(version=version), with_contents=True))
