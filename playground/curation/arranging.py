"""In which order things stand, and collections."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from playground.curation.moderation import Curator
from playground.errors import BadInput
from playground.gallery.models import Collection, Entry, EntryQuerySet, Membership

UP, DOWN = "up", "down"


def featured() -> EntryQuerySet:
    """Those in the first row, now or by and by, in its order."""
    return Entry.objects.exclude(featured_from=None).order_by("position", "-featured_from", "-pk")


def arrange_featured(order: Sequence[int], curator: Curator) -> None:
    """What is not among them keeps its place behind."""
    with transaction.atomic():
        known = list(featured().values_list("pk", flat=True))
        for position, pk in enumerate(_complete(order, known)):
            Entry.objects.filter(pk=pk).update(position=position)
    if known and (first := Entry.objects.filter(pk=known[0]).first()):
        curator.note("arranged the featured", first, order=[str(known), str(list(order))])


def arrange_collection(collection: Collection, order: Sequence[int], curator: Curator) -> None:
    with transaction.atomic():
        known = list(collection.memberships.values_list("entry", flat=True))
        for position, pk in enumerate(_complete(order, known)):
            Membership.objects.filter(collection=collection, entry=pk).update(position=position)
    curator.note("arranged", collection, order=[str(known), str(list(order))])


def move(order: Sequence[int], pk: int, way: str) -> list[int]:
    """One place up or down; at the end it stays."""
    moved = list(order)
    if pk in moved:
        at = moved.index(pk)
        to = max(0, at - 1) if way == UP else min(len(moved) - 1, at + 1)
        moved.insert(to, moved.pop(at))
    return moved


def make_collection(title: str, curator: Curator) -> Collection:
    """Comes last. Raises BadInput without a title."""
    if not title.strip():
        raise BadInput("no_title", _("Give the collection a title."))
    slug = free_slug(title)
    collection = Collection.objects.create(slug=slug, title=title.strip()[:120], position=Collection.objects.count())
    curator.note("made a collection", collection)
    return collection


def free_slug(title: str) -> str:
    wanted = slugify(title)[:40] or "collection"
    slug, number = wanted, 2
    while Collection.objects.filter(slug=slug).exists():
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _complete(order: Sequence[int], known: Sequence[int]) -> list[int]:
    """In this order, without strangers, and with those that somebody else has added meanwhile."""
    wanted = [pk for pk in dict.fromkeys(order) if pk in known]
    return [*wanted, *(pk for pk in known if pk not in wanted)]
