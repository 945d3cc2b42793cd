"""Versions as a list shows them: who or what made each, without the contents of its files."""

from playground import protocol
from playground.accounts.models import User
from playground.artifacts.addresses import version_ref
from playground.artifacts.files import StoredFile
from playground.artifacts.models import Artifact, Version

PAGE = 30
LONGEST_PROMPT = 400  # characters


def version_page(artifact: Artifact, user: User | None, before: int | None) -> protocol.VersionPage:
    """`user` is who asks, None for a visitor without a session."""
    versions = artifact.versions.select_related("artifact", "author", "parent__artifact")
    if before is not None:
        versions = versions.filter(number__lt=before)
    page = list(versions[: PAGE + 1])
    more = len(page) > PAGE
    return protocol.VersionPage(
        versions=[version_summary(version, user) for version in page[:PAGE]],
        newest=artifact.latest.number,
        before=page[PAGE - 1].number if more else None,
        is_mine=user is not None and artifact.owner_id == user.pk,
    )


def version_summary(version: Version, user: User | None) -> protocol.VersionSummary:
    parent = version.parent
    is_own = parent is not None and parent.artifact_id == version.artifact_id
    return protocol.VersionSummary(
        **version_ref(version).model_dump(),
        entry=version.entry,
        maker=version.maker,
        label=version.label,
        prompt=version.prompt[:LONGEST_PROMPT],
        model=version.model_name,
        is_demo=version.is_demo,
        author=version.author.public_name if version.author else "",
        created_at=version.created_at,
        parent=parent.number if parent and is_own else None,
        source=version_ref(parent) if parent and not is_own and _may_open(user, parent.artifact) else None,
        changes=_compare(parent.files, version.files) if parent else None,
        picture=f"/api/artifacts/{version.artifact_id}/versions/{version.number}/picture",
    )


def _may_open(user: User | None, artifact: Artifact) -> bool:
    return Artifact.objects.visible_to(user).filter(pk=artifact.pk).exists()


def _compare(before: dict[str, StoredFile], after: dict[str, StoredFile]) -> protocol.FileChanges:
    return protocol.FileChanges(
        added=len(after.keys() - before.keys()),
        changed=sum(after[path]["blob"] != before[path]["blob"] for path in after.keys() & before.keys()),
        removed=len(before.keys() - after.keys()),
    )
