"""Entries as a page shows them: with a still, a film, and who made it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from playground.artifacts.models import Artifact
from playground.checks.models import Check
from playground.checks.presenting import picture_urls
from playground.gallery.models import Entry

TINTS = 6  # of the ground where there is no picture: classes of the stylesheet


@dataclass(frozen=True, slots=True)
class Tile:
    """`still` and `film` are addresses of WebP pictures, 640 by 400 and 320 by 200 pixels."""

    entry: Entry
    still: str | None
    film: str | None

    @property
    def tint(self) -> int:
        return self.entry.pk % TINTS


def make_tiles(entries: Iterable[Entry]) -> list[Tile]:
    """One query for all the pictures."""
    entries = list(entries)
    checks = _newest_pictures([entry.artifact_id for entry in entries])
    return [_tile(entry, checks.get(entry.artifact_id)) for entry in entries]


def _tile(entry: Entry, check: Check | None) -> Tile:
    pictures = picture_urls(check.version, check) if check else None
    return Tile(entry, pictures.thumbnail if pictures else None, pictures.film if pictures else None)


def _newest_pictures(artifacts: Sequence[str]) -> dict[str, Check]:
    """Of each artifact, the check of the newest version that has a picture: the very newest may wait for its own."""
    pictured = Check.objects.filter(version__artifact=OuterRef("pk"), pictures__has_key="thumbnail")
    newest = Artifact.objects.filter(pk__in=artifacts).values_list(
        Subquery(pictured.order_by("-version__number").values("pk")[:1])
    )
    checks = Check.objects.filter(pk__in=newest).select_related("version")
    fields = ("pictures", "version__artifact_id", "version__number")
    return {check.version.artifact_id: check for check in checks.only(*fields)}
