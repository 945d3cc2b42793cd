from typing import Annotated

from django.core.paginator import Paginator
from ninja import Query, Router

from playground import protocol
from playground.accounts.api_auth import ApiRequest
from playground.artifacts.addresses import public_url
from playground.artifacts.api import own_artifact
from playground.gallery.listing import MOST_LETTERS, PAGE, Sort, Wanted, list_entries
from playground.gallery.services import submit, withdraw
from playground.gallery.submissions import standing_of
from playground.gallery.tiles import Tile, make_tiles

router = Router(tags=["gallery"])

type Slug = Annotated[str, Query(pattern=r"^[\w-]*$")]


@router.get("/gallery", response=protocol.GalleryPage)
def list_gallery(
    request: ApiRequest,
    q: Annotated[str, Query(max_length=MOST_LETTERS)] = "",
    tag: Slug = "",
    collection: Slug = "",
    sort: Sort = Sort.NEWEST,
    page: Annotated[int, Query(ge=1)] = 1,
) -> protocol.GalleryPage:
    """What everybody may see, 24 entries a page. `q`: words; `tag` and `collection`: slugs. No token is needed."""
    wanted = Wanted(words=q, tag=tag, collection=collection, sort=sort)
    pages = Paginator(list_entries(wanted).prefetch_related("tags", "collections"), PAGE)
    entries = pages.get_page(page).object_list if page <= pages.num_pages else []
    return protocol.GalleryPage(
        entries=[_entry_info(tile) for tile in make_tiles(entries)],
        page=page,
        pages=pages.num_pages,
        total=pages.count,
    )


@router.get("/artifacts/{artifact_id}/gallery", response=protocol.GalleryStanding)
def get_standing(request: ApiRequest, artifact_id: str) -> protocol.GalleryStanding:
    """Whether one's own artifact is in the gallery, or why not."""
    return standing_of(own_artifact(request, artifact_id), request.user)


@router.post("/artifacts/{artifact_id}/gallery", response=protocol.GalleryStanding)
def submit_to_gallery(request: ApiRequest, artifact_id: str) -> protocol.GalleryStanding:
    """Put it before a curator. This makes it public."""
    artifact = own_artifact(request, artifact_id)
    submit(artifact, request.user)
    return standing_of(artifact, request.user)


@router.delete("/artifacts/{artifact_id}/gallery", response=protocol.GalleryStanding)
def withdraw_from_gallery(request: ApiRequest, artifact_id: str) -> protocol.GalleryStanding:
    """It stays as public as it is."""
    artifact = own_artifact(request, artifact_id)
    withdraw(artifact, request.user)
    return standing_of(artifact, request.user)


def _entry_info(tile: Tile) -> protocol.GalleryEntry:
    entry = tile.entry
    return protocol.GalleryEntry(
        artifact=entry.artifact_id,
        title=entry.shown_title,
        author=entry.artifact.owner.public_name,
        wish=entry.shown_wish,
        url=public_url(entry.get_absolute_url()),
        picture=public_url(tile.still) if tile.still else None,
        film=public_url(tile.film) if tile.film else None,
        tags=[tag.slug for tag in entry.tags.all()],
        collections=[collection.slug for collection in entry.collections.all()],
        views=entry.artifact.views,
        remixes=entry.remixes,  # type: ignore[attr-defined]  # counted by the list
        accepted_at=entry.accepted_at,
    )
