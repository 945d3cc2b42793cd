"""Entries as a page shows them: with a still, a film, and who made it."""

from collections.abc import Iterable
from dataclasses import dataclass

from playground.checks.models import Check
from playground.checks.presenting import picture_urls
from playground.checks.services import find_pictured
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
    checks = find_pictured([entry.artifact_id for entry in entries])
    return [_tile(entry, checks.get(entry.artifact_id)) for entry in entries]


def _tile(entry: Entry, check: Check | None) -> Tile:
    pictures = picture_urls(check.version, check) if check else None
    return Tile(entry, pictures.thumbnail if pictures else None, pictures.film if pictures else None)
