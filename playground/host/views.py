from dataclasses import replace

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri

from playground.artifacts.addresses import open_token
from playground.host.answers import answer
from playground.host.film import film_file
from playground.host.preview import preview_run
from playground.host.rendering import Use, find_path, has_page, use_of
from playground.host.renditions import serve
from playground.host.snapshots import Snapshot, find_draft_snapshot, find_snapshot, find_tree_snapshot
from playground.host.withholding import Withheld, check_run

# To be kept, and asked for each time: it may have been taken down or made private a moment ago, and a page's headers
# say which hosts it may reach. Most of these answers are 304, and cheap.
_SHARED = "public, no-cache"
_PRIVATE = "private, no-store"


async def version_file(request: HttpRequest, label: str, number: int, path: str) -> HttpResponseBase:
    """A file of a version that anybody with the link may open."""
    snapshot = await find_snapshot(label, number)
    if snapshot is None or not snapshot.is_shared:
        raise Http404
    return await _version_file(request, snapshot, path, is_private=False)


async def signed_file(request: HttpRequest, label: str, token: str, path: str) -> HttpResponseBase:
    """A file of what the token opens: a run's preview, the film of a version, a version that a curator looks at,
    whatever became of it, or files that stand still."""
    kind, _slash, name = (open_token(token, label) or "").partition("/")
    match kind:
        case "run":
            await check_run(label)
            return await preview_run(request, label, path)
        case "film":
            return await film_file(request, await _sealed_snapshot(label, name), path)
        case "review":
            return await _reviewed_file(request, label, name, path)
    snapshot = await _still_snapshot(label, kind, name)
    if snapshot is None:
        raise Http404
    return await _version_file(request, snapshot, path, is_private=True)


async def _still_snapshot(label: str, kind: str, name: str) -> Snapshot | None:
    """Of a version that is not for everybody, a draft, a build, or the film of one."""
    match kind:
        case "v":
            return await _sealed_snapshot(label, name)
        case "draft":  # as it is by now; the number only makes the address a new one
            return await sync_to_async(find_draft_snapshot)(label)
        case "tree":
            await check_run(label)
            return await sync_to_async(find_tree_snapshot)(name)
        case "step":
            tree, _slash, version = name.partition("/")
            return await sync_to_async(find_tree_snapshot)(tree) if await _sealed_snapshot(label, version) else None
    return None


async def _sealed_snapshot(label: str, name: str) -> Snapshot | None:
    """The version, `3@` and the artifact's seal at that time; None where it was decided anew who may open it."""
    number, _at, seal = name.partition("@")
    snapshot = await find_snapshot(label, int(number))
    if snapshot and snapshot.is_taken_down:
        raise Withheld
    return snapshot if snapshot and (snapshot.is_shared or snapshot.seal == seal) else None


async def _reviewed_file(request: HttpRequest, label: str, name: str, path: str) -> HttpResponseBase:
    """Until its owner decides anew who may open it; that it was taken down does not matter here."""
    number, _at, seal = name.partition("@")
    snapshot = await find_snapshot(label, int(number))
    if snapshot is None or snapshot.seal != seal:
        raise Http404
    return await _version_file(request, replace(snapshot, is_taken_down=False), path, is_private=True)


async def _version_file(request: HttpRequest, snapshot: Snapshot, path: str, *, is_private: bool) -> HttpResponseBase:
    if snapshot.is_taken_down:
        raise Withheld
    use = use_of(request, path)
    if not path and "/" in snapshot.entry:  # what the page names is beside it
        return HttpResponseRedirect(iri_to_uri(snapshot.entry))
    found = find_path(snapshot.files, path or snapshot.entry, use)
    if found is None:
        raise Http404
    use = Use.FILE if use is Use.PAGE and not has_page(found) else use
    salt = snapshot.hosts_digest if use is Use.PAGE else ""
    return answer(request, await serve(snapshot, found, use), cache=_PRIVATE if is_private else _SHARED, salt=salt)
