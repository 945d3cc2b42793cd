"""oEmbed 1.0 (oembed.com): what a site that was given a permalink wants to know to show it itself."""

from urllib.parse import urlencode
from xml.etree import ElementTree as xml

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import conditional_page, require_safe

from playground.artifacts.access import Locked, find_artifact
from playground.artifacts.addresses import public_url
from playground.artifacts.embedding import HEIGHT, WIDTH, embed_code
from playground.artifacts.models import Version
from playground.errors import PlaygroundError
from playground.gallery.cards import SIZE
from playground.gallery.pictures import card_url

CACHED = 300  # seconds, for those who keep what they make of it; the frame and the picture that it names are asked anew
SMALLEST = 100  # pixels; whoever wants less gets this
_TYPES = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
_SHOWN = ("permalink", "version_permalink", "embed", "version_embed")

type Address = tuple[str, int | None]  # artifact and number of the version


def discovery_urls(path: str) -> dict[str, str]:
    """By format, for the head of the page at `path`."""
    return {form: public_url(f"/oembed?{urlencode({'url': public_url(path), 'format': form})}") for form in _TYPES}


@require_safe
@conditional_page
def oembed(request: HttpRequest) -> HttpResponse:
    """404 for what is not ours or not for everybody, 401 behind a password, 501 for another format."""
    form = request.GET.get("format", "json")
    if form not in _TYPES:
        return _refuse(501, "The formats are json and xml.")
    try:
        width, height = (_bound(request, name, usual) for name, usual in (("maxwidth", WIDTH), ("maxheight", HEIGHT)))
    except ValueError:
        return _refuse(400, "maxwidth and maxheight are whole numbers of pixels.")
    address = _address(request.GET.get("url", ""))
    try:
        version = _find(address) if address else None
    except Locked:
        return _refuse(401, "It opens with a password. Link to it instead.")
    except PlaygroundError:
        version = None
    if version is None:
        return _refuse(404, "There is no such artifact here.")
    number = address[1] if address else None
    facts = _facts(version, number, width, height)
    return _answer(form, facts | (_thumbnail(version) if _has_room(request) else {}))


def _bound(request: HttpRequest, name: str, usual: int) -> int:
    """Raises ValueError."""
    given = request.GET.get(name)
    return usual if given is None else max(SMALLEST, min(usual, int(given)))


def _address(url: str) -> Address | None:
    path = url.removeprefix(f"{settings.PUBLIC_URL}/")
    if path == url:
        return None
    try:
        match = resolve(f"/{path.partition('?')[0].partition('#')[0]}")
    except Resolver404:
        return None
    if match.url_name not in _SHOWN:
        return None
    return str(match.kwargs["artifact_id"]), match.kwargs.get("number")


def _find(address: Address) -> Version | None:
    """As a stranger sees it. Raises NotFound, Locked, Expired."""
    artifact = find_artifact(None, address[0])
    versions = artifact.versions.select_related("artifact__owner", "checked")
    return versions.first() if address[1] is None else versions.filter(number=address[1]).first()


def _facts(version: Version, number: int | None, width: int, height: int) -> dict[str, object]:
    artifact = version.artifact
    return {
        "version": "1.0",
        "type": "rich",
        "title": artifact.title,
        "author_name": artifact.owner.public_name,
        "provider_name": "Playground",
        "provider_url": public_url("/"),
        "cache_age": CACHED,
        "html": embed_code(artifact, number, width, height),
        "width": width,
        "height": height,
    }


def _thumbnail(version: Version) -> dict[str, object]:
    return {"thumbnail_url": card_url(version), "thumbnail_width": SIZE[0], "thumbnail_height": SIZE[1]}


def _has_room(request: HttpRequest) -> bool:
    """For the picture, which has to keep to the bounds, too."""
    bounds = zip(("maxwidth", "maxheight"), SIZE, strict=True)
    return all(int(request.GET.get(name, side)) >= side for name, side in bounds)


def _answer(form: str, facts: dict[str, object]) -> HttpResponse:
    if form == "json":
        response: HttpResponse = JsonResponse(facts)
    else:
        root = xml.Element("oembed")
        for name, value in facts.items():
            xml.SubElement(root, name).text = _plain(str(value))
        response = HttpResponse(xml.tostring(root, encoding="utf-8", xml_declaration=True))
    response["Content-Type"] = _TYPES[form]
    response["Cache-Control"] = "public, no-cache"
    return _for_all(response)


def _plain(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")


def _refuse(status: int, why: str) -> HttpResponse:
    return _for_all(HttpResponse(f"{why}\n", status=status, content_type="text/plain; charset=utf-8"))


def _for_all(response: HttpResponse) -> HttpResponse:
    """Scripts of other sites may ask, too; there is nothing in it that is not for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
