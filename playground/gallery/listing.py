"""Which entries a page of the gallery lists, and in which order."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from playground.artifacts.models import Artifact
from playground.gallery.models import Entry, EntryQuerySet
from playground.gallery.search import find_entries

PAGE = 24  # entries: full rows of two, three and four
MOST_LETTERS = 200  # of a search; the rest is left out


class Sort(models.TextChoices):
    NEWEST = "newest", _("Newest")
    RUN = "run", _("Most run")
    REMIXED = "remixed", _("Most remixed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: slugs of a tag and a collection, and words. Empty: any."""

    words: str = ""
    tag: str = ""
    collection: str = ""
    sort: Sort = Sort.NEWEST

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.tag or self.collection)

    def query(self, **changes: object) -> str:
        """For an address, with the given changes; the collection is not in it. Empty, or it begins with `?`."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        named = {"q": other.words, "tag": other.tag, "sort": "" if other.sort == Sort.NEWEST else other.sort.value}
        given = urlencode({name: value for name, value in named.items() if value})
        return f"?{given}" if given else ""


def list_entries(wanted: Wanted) -> EntryQuerySet:
    """Those shown, in the order asked for; each knows its `remixes`. A collection has an order of its own."""
    entries = with_counts(find_entries(Entry.objects.shown(), wanted.words))
    if wanted.tag:
        entries = entries.filter(tags__slug=wanted.tag)
    if wanted.collection:
        entries = entries.filter(memberships__collection__slug=wanted.collection)
    newest = ("-accepted_at", "-pk")
    if wanted.sort == Sort.RUN:
        return entries.order_by("-artifact__views", *newest)
    if wanted.sort == Sort.REMIXED:
        return entries.order_by(models.F("remixes").desc(), *newest)
    return entries.order_by(*(("memberships__position",) if wanted.collection else ()), *newest)


def with_counts(entries: EntryQuerySet) -> EntryQuerySet:
    """`remixes`: people who made something of it; its owner does not count."""
    made = Artifact.objects.filter(remixed_from__artifact=models.OuterRef("artifact"))
    others = made.exclude(owner=models.OuterRef("artifact__owner")).order_by()
    people = others.values("remixed_from__artifact").annotate(people=models.Count("owner", distinct=True))
    return entries.select_related("artifact__owner").annotate(
        remixes=Coalesce(models.Subquery(people.values("people")), 0)
    )
