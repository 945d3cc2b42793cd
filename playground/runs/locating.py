"""Finding the start tag of an element in the files that made the page. Pure.

A page is not its source: scripts make elements, and add ids and classes. So a tag is only taken where something of the
element speaks for it and nothing else in the files fits as well; else the nearest element around it is tried that has
an id.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from playground.protocol import Place

_MARKUP = (".html", ".htm", ".jsx", ".tsx", ".vue", ".svelte", ".js", ".mjs", ".ts", ".svg")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NAME = r"""[^\s<>"'=/]+"""
_BARE = r"""[^\s<>"'`{]+"""  # a value without quotes
_VALUE = rf"""(?:"[^"]*"|'[^']*'|\{{[^{{}}]*\}}|{_BARE})"""
_TAG = re.compile(rf"<([a-zA-Z][\w:.-]*)((?:\s+{_NAME}(?:\s*=\s*{_VALUE})?)*)\s*/?>")
_ATTRIBUTE = re.compile(rf"""({_NAME})\s*=\s*(?:"([^"]*)"|'([^']*)'|\{{\s*["'`]([^{{}}"'`]*)["'`]\s*\}}|({_BARE}))""")
_WORDS = 40  # characters of an element's text that are compared


@dataclass(frozen=True, slots=True)
class Spot:
    path: str
    line: int  # from 1
    is_around: bool = False  # it is the start tag of an element around the one that is meant


@dataclass(frozen=True, slots=True)
class _Tag:
    path: str
    line: int
    name: str
    source: str
    id: str
    classes: frozenset[str]
    text: str  # the words that follow it


def locate(place: Place, files: Mapping[str, str]) -> Spot | None:
    """The one place in the files where the element begins, or an element around it; None where that is not clear."""
    tags = [tag for path, text in files.items() if path.endswith(_MARKUP) for tag in _find_tags(path, text)]
    if tag := _find_element(place, tags):
        return Spot(tag.path, tag.line)
    for name in reversed(re.findall(r"#([\w-]+)", place.path)):
        if name != place.id and (tag := _only([tag for tag in tags if tag.id == name])):
            return Spot(tag.path, tag.line, is_around=True)
    return None


def _find_element(place: Place, tags: list[_Tag]) -> _Tag | None:
    named = [tag for tag in tags if tag.name == place.tag]
    if place.id and (tag := _only([tag for tag in named if tag.id == place.id])):
        return tag
    classes = frozenset(place.classes)
    signs: list[Callable[[_Tag], bool]] = [
        lambda tag: bool(tag.classes) and tag.classes <= classes,
        lambda tag: bool(classes) and tag.classes == classes,
        lambda tag: _says(tag, place.text),
        lambda tag: len(tag.source) > len(tag.name) + 2 and place.html.startswith(tag.source),
    ]
    left = [tag for tag in named if not tag.id and tag.classes <= classes]
    is_known = not place.id and not place.classes and not place.text
    for sign in signs:
        if fitting := [tag for tag in left if sign(tag)]:
            left, is_known = fitting, True
    return _only(left) if is_known else None


def _says(tag: _Tag, text: str) -> bool:
    """The element's text may go on in elements inside of it; what the source says of it may, too."""
    words = text[:_WORDS].casefold()  # a style may have made it upper case
    if not words or not tag.text:
        return False
    return tag.text.startswith(words) or (len(tag.text) > 3 and words.startswith(tag.text))


def _only(tags: list[_Tag]) -> _Tag | None:
    return tags[0] if len(tags) == 1 else None


def _find_tags(path: str, text: str) -> Iterator[_Tag]:
    text = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)
    line, seen = 1, 0
    for found in _TAG.finditer(text):
        line, seen = line + text.count("\n", seen, found.start()), found.start()
        pairs = (match.groups() for match in _ATTRIBUTE.finditer(found[2]))
        attributes = {name.lower(): next(filter(None, values), "") for name, *values in pairs}
        classes = attributes.get("class", attributes.get("classname", ""))
        yield _Tag(
            path=path,
            line=line,
            name=found[1].lower(),
            source=" ".join(found[0].split()),
            id=attributes.get("id", ""),
            classes=frozenset(classes.split()),
            text=_read_words(text, found.end()),
        )


def _read_words(text: str, start: int) -> str:
    """What can be read right after a tag, up to the next one."""
    return " ".join(text[start : start + 4 * _WORDS].partition("<")[0].split())[:_WORDS].casefold()
