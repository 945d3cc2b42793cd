"""The gallery's pages: complete without scripts, the same for every visitor who is not signed in."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate

from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from playground.accounts.api_auth import visitor
from playground.artifacts.addresses import public_url
from playground.gallery.listing import MOST_LETTERS, PAGE, Sort, Wanted, list_entries, with_counts
from playground.gallery.models import Collection, Entry, EntryQuerySet, Membership, Tag
from playground.gallery.pictures import card_url
from playground.gallery.tiles import Tile, make_tiles
from playground.gallery.workbench import list_demos
from playground.gateway.models import Model

FEATURED = 6
COLLECTIONS = 6
TAGS = 24
CHIPS = 6


def for_everybody[**Named](
    page: Callable[Concatenate[HttpRequest, Named], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Named], HttpResponse]:
    """A visitor's page may be kept by any cache, which asks each time whether it still holds: what is taken down is
    gone at once. It sets no cookie.
    """

    @wraps(page)
    def show(request: HttpRequest, /, *args: Named.args, **named: Named.kwargs) -> HttpResponse:
        response = page(request, *args, **named)
        response["Cache-Control"] = "private, no-cache" if request.user.is_authenticated else "public, no-cache"
        return response

    return conditional_page(show)


@require_safe
@for_everybody
def show_gallery(request: HttpRequest) -> HttpResponse:
    wanted = read_wanted(request)
    entries = list_entries(wanted)
    if wanted.is_narrowed:
        return _show(request, wanted, entries, [], {"tag": Tag.objects.filter(slug=wanted.tag).first()})
    featured = list(with_counts(Entry.objects.shown()).featured()[:FEATURED])
    others = entries.exclude(pk__in=[entry.pk for entry in featured])
    extras = {"collections": _collections(), "demos": list_demos()[:CHIPS], "is_reel_only": _is_reel_only(request)}
    return _show(request, wanted, others, featured, extras)


@require_safe
@for_everybody
def show_collection(request: HttpRequest, slug: str) -> HttpResponse:
    collection = Collection.objects.filter(slug=slug).first()
    if collection is None:
        raise Http404
    wanted = read_wanted(request, collection=slug)
    return _show(request, wanted, list_entries(wanted), [], {"collection": collection})


def read_wanted(request: HttpRequest, collection: str = "") -> Wanted:
    sort = request.GET.get("sort", "")
    return Wanted(
        words=" ".join(request.GET.get("q", "")[:MOST_LETTERS].split()),
        tag=request.GET.get("tag", "").replace("\0", ""),  # which PostgreSQL takes for an error
        collection=collection,
        sort=Sort(sort) if sort in Sort.values else Sort.NEWEST,
    )


def _show(
    request: HttpRequest, wanted: Wanted, entries: EntryQuerySet, featured: list[Entry], extras: dict[str, object]
) -> HttpResponse:
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    tiles = make_tiles([*featured, *page.object_list])
    query = wanted.query()
    number = f"{'&' if query else '?'}page={page.number}" if page.number > 1 else ""
    context = {
        "wanted": wanted,
        "featured": tiles[: len(featured)],
        "tiles": tiles[len(featured) :],
        "page": page,
        "pages": f"{query}&page=" if query else "?page=",
        "preview": _preview(page.object_list, featured),
        "canonical": public_url(f"{request.path}{query}{number}"),
        "sorts": [(sort, _order_name(sort, wanted), wanted.query(sort=sort)) for sort in Sort],
        "tags": [(tag, wanted.query(tag=tag.slug)) for tag in _tags()],
        "without_tag": wanted.query(tag=""),
        **extras,
    }
    return render(request, "gallery/gallery.html", context)


def _order_name(sort: Sort, wanted: Wanted) -> str:
    return _("In order") if wanted.collection and sort == Sort.NEWEST else str(sort.label)


def _preview(entries: Iterable[Entry], featured: list[Entry]) -> str | None:
    """The picture that goes with a link to the page: that of its first piece."""
    first = next(iter([*featured, *entries]), None)
    return card_url(first.artifact.latest) if first else None


def _tags() -> list[Tag]:
    """Those most used."""
    used = Count("entries", filter=Q(entries__in=Entry.objects.shown()))
    return list(Tag.objects.annotate(used=used).filter(used__gt=0).order_by("-used", "name")[:TAGS])


def _collections() -> list[tuple[Collection, Tile]]:
    """Each that has something to show, with its cover."""
    shown = Entry.objects.shown()
    first = Membership.objects.filter(collection=OuterRef("pk"), entry__in=shown).values("entry")[:1]
    chosen = shown.filter(pk=OuterRef("cover")).order_by().values("pk")
    cover = Coalesce(Subquery(chosen), Subquery(first), output_field=BigIntegerField())
    found = Collection.objects.annotate(size=Count("entries", filter=Q(entries__in=shown)), shown_cover=cover)
    collections = list(found.filter(size__gt=0)[:COLLECTIONS])
    covers = Entry.objects.select_related("artifact").in_bulk([collection.shown_cover for collection in collections])
    tiles = make_tiles([covers[collection.shown_cover] for collection in collections])
    return list(zip(collections, tiles, strict=True))


def _is_reel_only(request: HttpRequest) -> bool:
    user = visitor(request)
    return all(model.is_demo for model in Model.objects.usable_by(user))
