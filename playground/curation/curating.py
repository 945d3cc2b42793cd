"""What curators decide about entries, one or many. Each decision is told in the audit log."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from playground.curation import moderation
from playground.curation.blocklist import find_blocked
from playground.curation.models import Health
from playground.curation.moderation import Curator
from playground.errors import BadInput, PlaygroundError
from playground.gallery import services
from playground.gallery.models import Collection, Entry, Membership, State, Tag


@dataclass(frozen=True, slots=True)
class Decision:
    """What goes with a verb. Each verb takes of it what it needs; None: left as it is."""

    reason: str = ""
    title: str | None = None
    title_zh: str | None = None
    tags: list[Tag] = field(default_factory=list)
    collection: Collection | None = None
    featured_from: datetime | None = None
    featured_until: datetime | None = None
    despite: bool = False  # accept it although it is on the blocklist


def accept(entry: Entry, curator: Curator, decision: Decision) -> None:
    """Raises PlaygroundError for one that the blocklist holds."""
    findings = find_blocked(entry.artifact.latest)
    terms = ", ".join(finding.term.text for finding in findings)
    if findings and not decision.despite:
        message = _("“%(title)s” is held by the blocklist (%(terms)s). Look at it, and accept it by itself.")
        raise PlaygroundError("held", message % {"title": str(entry), "terms": terms}, status=409)
    services.accept(entry, curator.user, title=decision.title, title_zh=decision.title_zh, tags=decision.tags)
    if decision.collection:
        _join(entry, decision.collection)
    curator.note("accepted", entry, **({"despite": terms} if terms else {}))


def decline(entry: Entry, curator: Curator, decision: Decision) -> None:
    services.decline(entry, curator.user, decision.reason)
    curator.note("declined", entry, reason=entry.reason)


def hide(entry: Entry, curator: Curator, decision: Decision) -> None:
    services.hide(entry, curator.user, decision.reason)
    curator.note("hid", entry, reason=entry.reason)


def feature(entry: Entry, curator: Curator, decision: Decision) -> None:
    """From now on where no time is given, and for good where no end is. Comes last in the row. Raises BadInput."""
    begin = decision.featured_from or timezone.now()
    if decision.featured_until and decision.featured_until <= begin:
        raise BadInput("bad_range", _("It has to end after it begins."))
    if entry.state != State.ACCEPTED:
        raise BadInput("not_accepted", _("Accept “%(title)s” first.") % {"title": str(entry)})
    if entry.featured_from is None:
        newest = Entry.objects.exclude(featured_from=None).aggregate(last=Max("position"))["last"]
        entry.position = 0 if newest is None else newest + 1
    entry.featured_from, entry.featured_until = begin, decision.featured_until
    entry.save(update_fields=["featured_from", "featured_until", "position"])
    curator.note("featured", entry, begin=str(begin), end=str(entry.featured_until or ""))


def unfeature(entry: Entry, curator: Curator, decision: Decision) -> None:
    entry.featured_from = entry.featured_until = None
    entry.position = 0
    entry.save(update_fields=["featured_from", "featured_until", "position"])
    curator.note("no longer featured", entry)


def name(entry: Entry, curator: Curator, decision: Decision) -> None:
    """Titles and tags as they are given, and no others."""
    before = f"{entry.title} / {entry.title_zh}: {', '.join(map(str, entry.tags.all()))}"
    entry.title = decision.title or ""
    entry.title_zh = decision.title_zh or ""
    entry.save(update_fields=["title", "title_zh"])
    entry.tags.set(decision.tags)
    after = f"{entry.title} / {entry.title_zh}: {', '.join(map(str, decision.tags))}"
    curator.note("named", entry, names=[before, after])


def tag(entry: Entry, curator: Curator, decision: Decision) -> None:
    entry.tags.add(*decision.tags)
    curator.note("tagged", entry, tags=", ".join(map(str, decision.tags)))


def collect(entry: Entry, curator: Curator, decision: Decision) -> None:
    if decision.collection is None:
        raise BadInput("no_collection", _("Choose a collection."))
    _join(entry, decision.collection)
    curator.note("put into a collection", entry, collection=str(decision.collection))


def leave(entry: Entry, curator: Curator, decision: Decision) -> None:
    if decision.collection is None:
        raise BadInput("no_collection", _("Choose a collection."))
    Membership.objects.filter(entry=entry, collection=decision.collection).delete()
    curator.note("took out of a collection", entry, collection=str(decision.collection))


def take_down(entry: Entry, curator: Curator, decision: Decision) -> None:
    moderation.take_down(entry.artifact, curator, decision.reason)


def check(entry: Entry, curator: Curator, decision: Decision) -> None:
    """As at night: what comes of it counts like any other."""
    Health.objects.update_or_create(entry=entry, defaults={"is_due": True})
    curator.note("ordered a check of", entry)


type Verb = Callable[[Entry, Curator, Decision], None]
VERBS: dict[str, Verb] = {
    verb.__name__: verb
    for verb in (accept, decline, hide, feature, unfeature, name, tag, collect, leave, take_down, check)
}
DONE = {
    "accept": gettext_lazy("Accepted: it is in the gallery."),
    "decline": gettext_lazy("Declined: its author sees why."),
    "hide": gettext_lazy("Hidden from the gallery: its author sees why."),
    "feature": gettext_lazy("Featured."),
    "unfeature": gettext_lazy("No longer featured."),
    "name": gettext_lazy("Saved."),
    "tag": gettext_lazy("Tagged."),
    "collect": gettext_lazy("Put into the collection."),
    "leave": gettext_lazy("Taken out of the collection."),
    "take_down": gettext_lazy("Taken down: nobody can open it any more."),
    "check": gettext_lazy("It will be checked within a minute."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    done: int
    refusals: list[str]  # each once


def act(verb: str, entries: Iterable[Entry], curator: Curator, decision: Decision) -> Outcome:
    """Each by itself: what is refused does not keep the others from being done."""
    done, refusals = 0, dict[str, None]()
    for entry in entries:
        try:
            with transaction.atomic():
                VERBS[verb](entry, curator, decision)
        except PlaygroundError as refusal:
            refusals[refusal.message] = None
        else:
            done += 1
    return Outcome(done, list(refusals))


def _join(entry: Entry, collection: Collection) -> None:
    newest = collection.memberships.aggregate(last=Max("position"))["last"]
    position = 0 if newest is None else newest + 1
    Membership.objects.get_or_create(entry=entry, collection=collection, defaults={"position": position})
