import base64
import binascii
from typing import Annotated

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of, visitor
from playground.accounts.quotas import check_may_publish
from playground.accounts.services import ensure_user
from playground.artifacts.access import TakenDown, check_expiry, find_artifact, set_password
from playground.artifacts.addresses import frame_url, public_url, version_ref
from playground.artifacts.contents import check_content
from playground.artifacts.drafts import add_changes
from playground.artifacts.embedding import embed_code
from playground.artifacts.files import read_file
from playground.artifacts.listing import version_page, version_summary
from playground.artifacts.models import Artifact, Version, Visibility
from playground.artifacts.network import MAX_HOSTS, permit_hosts
from playground.artifacts.presenting import file_info
from playground.artifacts.services import create_artifact, label_version, restore_version, tell_public
from playground.errors import BadInput, NotFound

router = Router(tags=["artifacts"])

BASE64 = "base64:"


class NewVersion(Schema):
    """`files` are laid over those of version `base`, or of the latest; null deletes.

    What is newer than the base is merged in; where the two meet in the same lines, it is refused with 409.
    """

    files: dict[str, str | None] = Field(min_length=1, max_length=200)
    base: int | None = Field(default=None, ge=1)


class Change(Schema):
    """An empty `password` takes it away; with `expires_at` null the link lasts."""

    title: protocol.Words | None = Field(default=None, min_length=1, max_length=200)
    description: protocol.Words | None = Field(default=None, max_length=500)
    visibility: protocol.VisibilityName | None = None
    allowed_hosts: list[str] | None = Field(default=None, max_length=MAX_HOSTS)
    password: protocol.Words | None = Field(default=None, max_length=128)
    expires_at: AwareDatetime | None = None


class Label(Schema):
    """An empty one takes the name away."""

    label: protocol.Words = Field(max_length=80)


@router.post("/artifacts", response={201: protocol.ArtifactInfo})
async def publish(request: ApiRequest, body: protocol.ArtifactRequest) -> Status[protocol.ArtifactInfo]:
    """Publish files as a new artifact; the answer holds its permalink."""
    user = await sync_to_async(ensure_user)(request)
    await sync_to_async(check_may_publish)(user, address_of(request))
    files = decode_files(body.files)
    title = body.title or next(iter(files))
    version = await sync_to_async(create_artifact)(owner=user, title=title, files=files, visibility=body.visibility)
    return Status(201, await sync_to_async(artifact_info)(version.artifact, user.pk))


@router.get("/artifacts/{artifact_id}", response=protocol.ArtifactInfo)
def get_artifact(request: ApiRequest, artifact_id: str) -> protocol.ArtifactInfo:
    return artifact_info(_visible(request, artifact_id), request.user.pk)


@router.patch("/artifacts/{artifact_id}", response=protocol.ArtifactInfo)
def change_artifact(request: ApiRequest, artifact_id: str, body: Change) -> protocol.ArtifactInfo:
    artifact = own_artifact(request, artifact_id)
    was_public = artifact.visibility == Visibility.PUBLIC
    changes = body.dict(exclude_none=True, exclude={"password"})
    if body.allowed_hosts is not None:
        changes["allowed_hosts"] = permit_hosts(body.allowed_hosts)
    if "expires_at" in body.model_fields_set:
        changes["expires_at"] = check_expiry(body.expires_at)
    if body.password is not None:
        set_password(artifact, body.password)
    for field, value in changes.items():
        setattr(artifact, field, value)
    artifact.save(update_fields=list(changes))
    if artifact.visibility == Visibility.PUBLIC and not was_public:
        tell_public(artifact)
    return artifact_info(artifact, request.user.pk)


@router.get("/artifacts/{artifact_id}/versions", response=protocol.VersionPage)
def list_versions(
    request: ApiRequest, artifact_id: str, before: Annotated[int | None, Query(ge=1)] = None
) -> protocol.VersionPage:
    """The versions below number `before`, newest first, thirty at a time, without their files."""
    return version_page(_visible(request, artifact_id), visitor(request), before)


@router.post("/artifacts/{artifact_id}/versions", response={201: protocol.VersionInfo})
def publish_version(request: ApiRequest, artifact_id: str, body: NewVersion) -> Status[protocol.VersionInfo]:
    artifact = own_artifact(request, artifact_id)
    check_may_publish(request.user, address_of(request))
    files = decode_changes(body.files)
    version = add_changes(artifact=artifact, author=request.user, files=files, base=body.base)
    return Status(201, version_info(version))


@router.get("/artifacts/{artifact_id}/versions/{number}", response=protocol.VersionInfo)
def get_version(request: ApiRequest, artifact_id: str, number: int) -> protocol.VersionInfo:
    """A version with the contents of its files."""
    return version_info(_version(_visible(request, artifact_id), number))


@router.patch("/artifacts/{artifact_id}/versions/{number}", response=protocol.VersionSummary)
def change_version(request: ApiRequest, artifact_id: str, number: int, body: Label) -> protocol.VersionSummary:
    """Name a version. Nothing else of it ever changes."""
    version = _version(own_artifact(request, artifact_id), number)
    label_version(version=version, label=body.label)
    return version_summary(version, request.user)


@router.post("/artifacts/{artifact_id}/versions/{number}/restore", response={201: protocol.VersionSummary})
def restore(request: ApiRequest, artifact_id: str, number: int) -> Status[protocol.VersionSummary]:
    """A new version with the files of this one."""
    version = _version(own_artifact(request, artifact_id), number)
    check_may_publish(request.user, address_of(request))
    return Status(201, version_summary(restore_version(version=version, author=request.user), request.user))


def decode_files(files: dict[str, str]) -> dict[str, bytes]:
    return {path: _decode(path, content) for path, content in files.items()}


def decode_changes(files: dict[str, str | None]) -> dict[str, bytes | None]:
    return {path: None if content is None else _decode(path, content) for path, content in files.items()}


def artifact_info(artifact: Artifact, user_id: int | None) -> protocol.ArtifactInfo:
    versions = list(artifact.versions.select_related("artifact"))
    return protocol.ArtifactInfo(
        id=artifact.pk,
        title=artifact.title,
        description=artifact.description,
        visibility=artifact.visibility,
        url=public_url(artifact.get_absolute_url()),
        frame_url=frame_url(versions[0]),
        version=versions[0].number,
        is_mine=artifact.owner_id == user_id,
        versions=[version_ref(version) for version in versions],
        allowed_hosts=artifact.allowed_hosts,
        embed=embed_code(artifact) if artifact.is_open else None,
        has_password=bool(artifact.password),
        expires_at=artifact.expires_at,
        created_at=artifact.created_at,
    )


def version_info(version: Version) -> protocol.VersionInfo:
    return protocol.VersionInfo(
        **version_ref(version).model_dump(),
        maker=version.maker,
        label=version.label,
        prompt=version.prompt,
        model=version.model_name,
        author=version.author.public_name if version.author else "",
        created_at=version.created_at,
        files=[file_info(path, file, read_file(file)) for path, file in version.files.items()],
    )


def _decode(path: str, content: str) -> bytes:
    """Raises BadInput for what is not what its name says."""
    try:
        is_encoded = content.startswith(BASE64)
        decoded = base64.b64decode(content.removeprefix(BASE64), validate=True) if is_encoded else content.encode()
    except binascii.Error:
        raise BadInput("bad_base64", _("“%(path)s” is no valid base64.") % {"path": path}) from None
    check_content(path, decoded)
    return decoded


def _visible(request: ApiRequest, artifact_id: str) -> Artifact:
    return find_artifact(visitor(request), artifact_id)


def _version(artifact: Artifact, number: int) -> Version:
    version = artifact.versions.select_related("artifact", "author", "parent__artifact").filter(number=number).first()
    if version is None:
        raise NotFound("version_not_found", _("This version does not exist."))
    return version


def own_artifact(request: ApiRequest, artifact_id: str) -> Artifact:
    artifact = Artifact.objects.filter(pk=artifact_id, owner_id=request.user.pk).first()
    if artifact is None:
        raise NotFound("artifact_not_found", _("This artifact does not exist."))
    if artifact.taken_down_at:
        raise TakenDown(artifact)
    return artifact
