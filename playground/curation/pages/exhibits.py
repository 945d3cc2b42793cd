"""An artifact as a curator sees it: with its check, with what the blocklist says, and to be run by a click."""

from collections.abc import Iterable
from dataclasses import dataclass

from playground import protocol
from playground.artifacts.addresses import signed_url
from playground.artifacts.models import Artifact, Version
from playground.checks.presenting import check_info
from playground.curation.blocklist import Finding, find_blocked
from playground.gallery.models import Entry


@dataclass(frozen=True, slots=True)
class Exhibit:
    artifact: Artifact
    version: Version
    check: protocol.CheckInfo
    # It opens for some hours for whoever has it, also what is taken down: for curators alone. Empty: its owner has made
    # it private.
    frame_url: str
    findings: list[Finding]
    entry: Entry | None = None


def exhibit(artifact: Artifact, entry: Entry | None = None, *, searches: bool = False) -> Exhibit:
    """`searches`: whether the blocklist is asked, for which the files are read."""
    version = artifact.latest
    version.artifact = artifact
    return Exhibit(
        artifact=artifact,
        version=version,
        check=seen_check(version, has_pictures=artifact.is_open and not artifact.taken_down_at),
        frame_url="" if artifact.is_private and not artifact.taken_down_at else review_url(version),
        findings=find_blocked(version) if searches else [],
        entry=entry,
    )


def exhibit_all(entries: Iterable[Entry], *, searches: bool = False) -> list[Exhibit]:
    return [exhibit(entry.artifact, entry, searches=searches) for entry in entries]


def seen_check(version: Version, *, has_pictures: bool) -> protocol.CheckInfo:
    """`has_pictures`: whether their addresses answer for who looks."""
    info = check_info(version)
    if has_pictures:
        return info
    return info.model_copy(update={"pictures": protocol.CheckPictures(thumbnail=None, film=None, shots={})})


def review_url(version: Version) -> str:
    return signed_url(version.artifact_id, f"review/{version.number}@{version.artifact.seal}")
