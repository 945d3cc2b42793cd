"""For feed readers and search engines: what is in the gallery, at addresses on the public host."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from playground.artifacts.addresses import public_url
from playground.gallery.models import Collection, Entry, EntryQuerySet

NEWEST = 50
LONGEST_WISH = 500  # characters
# For people, and of no use to a search engine. An artifact's own page says itself whether it may be listed.
_CLOSED = ("/accounts/", "/admin/", "/c/", "/join/", "/new", "/settings/", "/usage/")


class Newest(Feed[Entry, None]):
    feed_type = Atom1Feed
    title = _("Playground: the gallery")
    subtitle = _("Pages that were wished for, and came alive.")

    def link(self) -> str:
        return public_url("/")

    def feed_url(self) -> str:
        return public_url("/feed.atom")

    def items(self) -> EntryQuerySet:
        return Entry.objects.shown().select_related("artifact__owner")[:NEWEST]

    def item_title(self, item: Entry) -> str:
        return item.shown_title

    def item_description(self, item: Entry) -> str:
        return item.shown_wish[:LONGEST_WISH]

    def item_link(self, item: Entry) -> str:
        return public_url(item.get_absolute_url())

    def item_author_name(self, item: Entry) -> str:
        return item.artifact.owner.public_name

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.accepted_at

    def item_updateddate(self, item: Entry) -> datetime | None:
        return item.accepted_at


class _PublicSitemap[Item: str | Collection | Entry](Sitemap[Item]):
    """On the public host, whatever name it was asked for under. One file holds 50 000 addresses; of more,
    the newest.
    """

    protocol = urlsplit(settings.PUBLIC_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.PUBLIC_URL).netloc


class _Pages(_PublicSitemap[str]):
    def items(self) -> Sequence[str]:
        return ["/"]

    def location(self, item: str) -> str:
        return item


class _Collections(_PublicSitemap[Collection]):
    def items(self) -> QuerySet[Collection]:
        return Collection.objects.filter(entries__in=Entry.objects.shown()).distinct()


class _Entries(_PublicSitemap[Entry]):
    limit = 45_000

    def items(self) -> EntryQuerySet:
        return Entry.objects.shown().select_related("artifact")

    def lastmod(self, item: Entry) -> datetime | None:
        return item.accepted_at


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": _Pages,
    "collections": _Collections,
    "entries": _Entries,
}
# Kept, and asked for each time: by their dates alone, caches would give them out for hours.
_kept = cache_control(public=True, no_cache=True)
show_feed = conditional_page(_kept(Newest()))
show_sitemap = conditional_page(_kept(partial(sitemap, sitemaps=SITEMAPS)))


@require_safe
def show_robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED), "", f"Sitemap: {public_url('/sitemap.xml')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
