"""The gallery's entries, and how one's own artifact stands with it."""

from datetime import datetime
from typing import Literal

from playground.protocol.schema import Schema


class GalleryStanding(Schema):
    """How one's own artifact stands with the gallery. `words`: the state in the reader's language."""

    state: Literal["none", "submitted", "accepted", "declined", "hidden"]
    words: str
    reason: str  # why it was declined or taken down
    needs_account: bool  # a guest cannot submit


class GalleryEntry(Schema):
    artifact: str
    title: str
    author: str
    wish: str  # that it began with
    url: str
    picture: str | None  # WebP, 640 by 400 pixels
    film: str | None  # WebP in motion, 320 by 200 pixels; None where nothing moves
    tags: list[str]  # slugs
    collections: list[str]  # slugs
    views: int  # people who opened it
    remixes: int  # people who made something of it
    accepted_at: datetime


class GalleryPage(Schema):
    entries: list[GalleryEntry]
    page: int  # from 1
    pages: int
    total: int
