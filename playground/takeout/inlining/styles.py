"""Stylesheets with all that they name put into them."""

import re
from urllib.parse import urljoin

from playground.takeout.inlining.data import data_url
from playground.takeout.sources import Sources

_REFERENCE = re.compile(
    r"(?P<comment>/\*.*?\*/)"
    r"|(?P<at>@import\s+)(?P<quote>[\"'])(?P<sheet>[^\"'\n]+)(?P=quote)"
    r"|(?P<start>(?:@import\s+)?)url\(\s*(?P<mark>[\"']?)(?P<url>[^\"')\n]+?)(?P=mark)\s*\)",
    re.DOTALL | re.IGNORECASE,
)
_DEEPEST = 8  # of sheets that import others


async def inline_style(text: str, base: str, sources: Sources, *, depth: int = 0) -> str:
    """`base` is where the text stands. What is not there stays as it is."""
    parts: list[str] = []
    at = 0
    for found in _REFERENCE.finditer(text):
        name = found["sheet"] or found["url"]
        if name is None:
            continue
        is_sheet = bool(found["at"] or found["start"])
        new = await _inline(urljoin(base, name.strip()), sources, depth, is_sheet=is_sheet)
        if new:
            parts += [text[at : found.start()], found["at"] or found["start"], f'url("{new}")']
            at = found.end()
    return "".join([*parts, text[at:]])


async def _inline(url: str, sources: Sources, depth: int, *, is_sheet: bool) -> str | None:
    if url.startswith(("data:", "#")) or depth > _DEEPEST:
        return None
    resource = await sources.find(url)
    if resource is None:
        return None
    sources.used.add(url.partition("#")[0])
    if not is_sheet:
        return data_url(resource) + url[len(url.partition("#")[0]) :]
    inner = await inline_style(resource.text, resource.url, sources, depth=depth + 1)
    return data_url(resource, inner.encode(errors="surrogateescape"))
