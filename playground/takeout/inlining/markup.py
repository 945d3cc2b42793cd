"""The page's own text, tag by tag, with what the tags name put into them."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from playground.host.rendering import Use
from playground.host.rewriting.tags import Tag, read_tag
from playground.takeout.inlining.data import data_url, script_text, style_text
from playground.takeout.inlining.importmap import ImportMap
from playground.takeout.inlining.modules import Modules
from playground.takeout.inlining.styles import inline_style
from playground.takeout.sources import PAGE, Sources

_TAG = re.compile("</?[a-zA-Z]")
_COMMENT_END = re.compile(r"--!?>")
_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_SHORT = 4096  # characters; most tags are shorter
_CLASSIC = re.compile(r"(?:text|application)/(?:x-)?(?:java|ecma)script|", re.IGNORECASE)
_COMPILED = re.compile(r"text/(?:babel|jsx|tsx|typescript|ts)")
# Attributes with the address of something that is drawn or played.
_LOADED = {
    "img": ("src",),
    "source": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "input": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
}
_HINTS = {"preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
_ICONS = {"icon", "apple-touch-icon", "mask-icon"}
_DROPPED: dict[str, str | None] = {"integrity": None, "crossorigin": None}
_CANDIDATE = re.compile(r"\s*(?P<url>[^\s,]\S*[^\s,]|[^\s,])(?P<rest>(?:\s+[^\s,()]+)?)\s*(?:,|$)")


class Piece(NamedTuple):
    """A stretch of the text; with a tag, that tag and, for elements of raw text, its content."""

    text: str
    tag: Tag | None = None
    content: str = ""


def split_markup(text: str) -> Iterator[Piece]:
    at = 0
    while at < len(text):
        bracket = text.find("<", at)
        if bracket != at:
            end = bracket if bracket >= 0 else len(text)
            yield Piece(text[at:end])
            at = end
            continue
        if text.startswith("<!--", at):
            found = _COMMENT_END.search(text, at + 2)
            piece = Piece(text[at : found.end() if found else len(text)])
        else:
            piece = _read_element(text, at) if _TAG.match(text, at) else Piece("<")
        yield piece
        at += len(piece.text) + len(piece.content)


def _read_element(text: str, at: int) -> Piece:
    tag = read_tag(text, at, _SHORT) or read_tag(text, at, len(text))
    if tag is None:
        return Piece("<")
    if tag.is_end or tag.name not in _RAW_END:
        return Piece(tag.text, tag)
    start = at + len(tag.text)
    end = _RAW_END[tag.name].search(text, start)
    return Piece(tag.text, tag, text[start : end.start() if end else len(text)])


class Inliner:
    def __init__(self, sources: Sources) -> None:
        self.modules: Modules
        self.folders: set[str]  # that the import map names: of these, single files come along
        self._sources = sources
        self._base = sources.entry

    async def inline(self, text: str) -> str:
        pieces = list(split_markup(text))
        import_map = ImportMap(self._base)
        for piece in pieces:
            if piece.tag and _kind(piece.tag) == "importmap":
                import_map.read(piece.content)
        self.modules = Modules(self._sources, import_map)
        self.folders = {target for target in import_map.imports.values() if target.endswith("/")}
        return "".join([await self._inline(piece) for piece in pieces])

    async def _inline(self, piece: Piece) -> str:
        tag = piece.tag
        if tag is None or tag.is_end:
            return piece.text + piece.content
        if tag.name == "script":
            return await self._script(tag, piece.content)
        if tag.name == "style":
            return tag.text + style_text(await inline_style(piece.content, self._base, self._sources))
        if tag.name == "link":
            return await self._link(tag)
        if tag.name == "base":  # the host does not heed it either
            return ""
        return edit(tag, await self._loaded(tag)) + piece.content

    # ------------------------------------------------------------------------------------------- scripts

    async def _script(self, tag: Tag, content: str) -> str:
        kind, source = _kind(tag), tag.get("src")
        if kind == "importmap":
            return '<script type="application/json">'  # what it says is in our own
        if kind == "module":
            return await self._module(tag, content, source)
        if source is not None:
            return await self._source(tag, kind, source)
        if _CLASSIC.fullmatch(kind) or _COMPILED.fullmatch(kind):
            is_module = bool(_COMPILED.fullmatch(kind))
            content, _names = await self.modules.rewrite(content, self._base, is_module=is_module)
        return tag.text + content

    async def _module(self, tag: Tag, content: str, source: str | None) -> str:
        if source is None:
            content, _names = await self.modules.rewrite(content, self._base, is_module=True)
            return tag.text + content
        name = await self.modules.name(urljoin(self._base, source))
        return f'{edit(tag, _DROPPED | {"src": None})}import "{name}";' if name else tag.text

    async def _source(self, tag: Tag, kind: str, source: str) -> str:
        """The page's own scripts can be read in the page; libraries, and what waits for the page, stay addresses."""
        use = Use.MODULE if _CLASSIC.fullmatch(kind) else Use.FILE
        resource = await self._sources.find(urljoin(self._base, source), use)
        if resource is None:
            return tag.text
        self._sources.used.add(urljoin(self._base, source))
        is_plain = {each.name for each in tag.attributes} <= {"src", "type", "crossorigin", "integrity", "id"}
        if (not resource.url.startswith(PAGE) and _CLASSIC.fullmatch(kind)) or not is_plain:
            return edit(tag, _DROPPED | {"src": data_url(resource)})
        is_module = not _CLASSIC.fullmatch(kind)
        text, _names = await self.modules.rewrite(resource.text, resource.url, is_module=is_module)
        return edit(tag, _DROPPED | {"src": None}) + script_text(text)

    # --------------------------------------------------------------------------------------------- others

    async def _link(self, tag: Tag) -> str:
        kinds = set((tag.get("rel") or "").lower().split())
        address = tag.get("href")
        if address is None:
            return tag.text
        if "stylesheet" in kinds and "alternate" not in kinds:
            return await self._stylesheet(tag, urljoin(self._base, address))
        if kinds & _HINTS and tag.get("onload") is None:
            return ""
        if not kinds & (_ICONS | _HINTS):
            return tag.text
        found = await self._address(address)
        return edit(tag, _DROPPED | {"href": found}) if found else ("" if kinds & _ICONS else tag.text)

    async def _stylesheet(self, tag: Tag, url: str) -> str:
        resource = await self._sources.find(url)
        if resource is None:
            return tag.text
        self._sources.used.add(url)
        text = await inline_style(resource.text, resource.url, self._sources)
        changes = _DROPPED | {"href": None, "rel": None, "type": None}
        opening = edit(tag, changes).rstrip("/>").rstrip().replace(tag.text[:5], "<style", 1)
        return f"{opening}>{style_text(text)}</style>"

    async def _loaded(self, tag: Tag) -> dict[str, str | None]:
        changes: dict[str, str | None] = {}
        for name in _LOADED.get(tag.name, ()):
            if (value := tag.get(name)) and (found := await self._address(value)):
                changes[name] = found
        if tag.name in ("img", "source") and (candidates := tag.get("srcset")):
            changes["srcset"] = await self._candidates(candidates)
        if (style := tag.get("style")) and "url(" in style:
            changes["style"] = await inline_style(style, self._base, self._sources)
        return changes

    async def _candidates(self, text: str) -> str:
        parts = []
        for found in _CANDIDATE.finditer(text):
            parts.append((await self._address(found["url"]) or found["url"]) + found["rest"])
        return ", ".join(parts)

    async def _address(self, address: str) -> str | None:
        address = address.strip()
        if not address or address.startswith(("#", "data:", "blob:")):
            return None
        url = urljoin(self._base, address)
        resource = await self._sources.find(url)
        if resource is None:
            return None
        self._sources.used.add(url.partition("#")[0])
        return data_url(resource) + url[len(url.partition("#")[0]) :]


def edit(tag: Tag, changes: dict[str, str | None]) -> str:
    """The tag with other values; None takes an attribute away."""
    parts, at = [], 0
    for attribute in tag.attributes:
        if attribute.name in changes:
            parts.append(tag.text[at : attribute.start])
            at = attribute.end
            value = changes[attribute.name]
            if value is not None:
                quoted = value.replace("&", "&amp;").replace('"', "&quot;")
                parts.append(f'{attribute.name}="{quoted}"')
    return "".join([*parts, tag.text[at:]])


def _kind(tag: Tag) -> str:
    return (tag.get("type") or "").strip().lower() if tag.name == "script" else ""
