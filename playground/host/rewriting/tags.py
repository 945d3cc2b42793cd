"""One tag: read as a browser's tokenizer reads it, written again with the addresses of the shelf."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from playground.host.rewriting.addresses import Addresses
from playground.host.rewriting.urls import UrlRewriter

_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_GAP = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(r"[^\s/>][^\s/>=]*")
_EQUALS = re.compile(r"\s*=\s*")
_BARE_VALUE = re.compile(r"[^\s>]*")
_ENTITY = re.compile(r"&(?:amp|quot|apos|lt|gt|#(\d{1,7})|#[xX]([\da-fA-F]{1,6}));")
_ENTITIES = {"&amp;": "&", "&quot;": '"', "&apos;": "'", "&lt;": "<", "&gt;": ">"}
_AFTER = "\"'`(=, \t\n"  # what an address without a scheme may stand behind, inside a value

# Where a person goes, not what the page loads; and <base>, which the policy forbids.
_LEFT_ALONE = frozenset({"a", "area", "base", "form"})
# One address each, which may lead to the top of the site.
_ADDRESSES = frozenset({"href", "src", "poster", "data"})


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    value: str  # as it is written
    start: int
    end: int  # of the whole attribute


@dataclass(frozen=True, slots=True)
class Tag:
    text: str
    name: str
    attributes: list[Attribute] = field(default_factory=list)

    @property
    def is_end(self) -> bool:
        return self.text.startswith("</")

    def get(self, name: str) -> str | None:
        return next((_decode(each.value) for each in self.attributes if each.name == name), None)


def read_tag(text: str, at: int, limit: int) -> Tag | None:
    """The tag that begins at `at`; None where it is not over within `limit` characters of what is there."""
    window = text[at : at + limit]
    name = _NAME.match(window)
    if not name:
        return None
    attributes: list[Attribute] = []
    position = name.end()
    while True:
        gap = _GAP.match(window, position)
        position = gap.end() if gap else position
        if position >= len(window):
            return None
        if window[position] == ">":
            return Tag(window[: position + 1], name[1].lower(), attributes)
        attribute = _read_attribute(window, position)
        if attribute is None:
            return None
        attributes.append(attribute)
        position = attribute.end


def _read_attribute(window: str, start: int) -> Attribute | None:
    name = _ATTRIBUTE.match(window, start)
    assert name
    equals = _EQUALS.match(window, name.end())
    if not equals:
        return Attribute(name[0].lower(), "", start, name.end())
    begin = equals.end()
    quote = window[begin : begin + 1]
    if quote in ('"', "'"):
        end = window.find(quote, begin + 1)
        return Attribute(name[0].lower(), window[begin + 1 : end], start, end + 1) if end >= 0 else None
    value = _BARE_VALUE.match(window, begin)
    assert value
    return Attribute(name[0].lower(), value[0], start, value.end())


def rewrite_tag(tag: Tag, addresses: Addresses) -> str:
    if tag.is_end:
        return tag.text
    if tag.name in _LEFT_ALONE:
        return "".join(_write(tag, _own_addresses(tag, addresses)))
    if tag.name == "meta" and (tag.get("http-equiv") or "").lower() == "content-security-policy":
        return ""  # it cannot know where its files come from here
    values = {each.name: new for each in tag.attributes if (new := _rewrite_value(each.value, addresses)) is not None}
    values |= _own_addresses(tag, addresses)
    if tag.name == "template" and (tag.get("shadowrootmode") or "").lower() == "closed":
        values["shadowrootmode"] = "open"  # the prelude has to see what frames are in it
    text = "".join(_write(tag, values)) if values else tag.text
    return _show_errors(text) if tag.name == "script" and tag.get("src") and tag.get("crossorigin") is None else text


def _own_addresses(tag: Tag, addresses: Addresses) -> dict[str, str]:
    if tag.name == "base":
        return {}
    found = {each.name: addresses.find_own(_decode(each.value)) for each in tag.attributes if each.name in _ADDRESSES}
    return {name: own for name, own in found.items() if own}


def _show_errors(text: str) -> str:
    """To a page with an opaque origin its own files are a stranger's: without this their errors have no words."""
    start = len("<script")
    return f"{text[:start]} crossorigin{text[start:]}"


def _rewrite_value(written: str, addresses: Addresses) -> str | None:
    """None where there is nothing to rewrite."""
    if "/" not in written and "&" not in written:
        return None
    value = _decode(written)
    rewriter = UrlRewriter(addresses, relative_after=_AFTER, before='"')
    rewritten = rewriter.feed(value) + rewriter.finish()
    return None if rewritten == value else rewritten


def _write(tag: Tag, values: dict[str, str]) -> Iterator[str]:
    """The digest in `integrity` is that of the CDN's file, and the shelf's files open to everybody, without cookies."""
    written = 0
    for attribute in tag.attributes:
        yield tag.text[written : attribute.start]
        written = attribute.end
        if attribute.name in values:
            yield f'{attribute.name}="{_encode(values[attribute.name])}"'
        elif not _is_dropped(attribute):
            yield tag.text[attribute.start : attribute.end]
    yield tag.text[written:]


def _is_dropped(attribute: Attribute) -> bool:
    needs_cookies = attribute.name == "crossorigin" and attribute.value.lower() == "use-credentials"
    return needs_cookies or attribute.name == "integrity"


def _decode(value: str) -> str:
    return _ENTITY.sub(_decode_entity, value) if "&" in value else value


def _decode_entity(entity: re.Match[str]) -> str:
    decimal, hexadecimal = entity.groups()
    if not decimal and not hexadecimal:
        return _ENTITIES[entity[0]]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if is_character else entity[0]


def _encode(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;")
