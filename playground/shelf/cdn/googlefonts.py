"""What an address of Google Fonts asks for."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

_NUMBER = re.compile(r"\d{1,4}")
REGULAR = 400
MOST_FAMILIES = 40


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    # (is italic, lightest weight, heaviest weight); a single weight has the same twice
    styles: frozenset[tuple[bool, int, int]] = field(default=frozenset({(False, REGULAR, REGULAR)}))

    @property
    def slug(self) -> str:
        """`press-start-2p`, as Fontsource names its packages."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Request:
    families: tuple[Family, ...]
    display: str


def parse_request(query: str) -> Request:
    """Reads `css?family=A:400,700i|B` and `css2?family=A:ital,wght@0,400;1,700&family=B`; skips what it cannot."""
    fields = parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True)
    texts = [part for name, value in fields if name == "family" for part in value.split("|") if part.strip()]
    families = [_family(text.strip()) for text in texts[:MOST_FAMILIES]]
    display = next((value for name, value in fields if name == "display"), "")
    known = display if display in ("auto", "block", "swap", "fallback", "optional") else "swap"
    return Request(tuple(family for family in families if family.slug), known)


def _family(text: str) -> Family:
    name, _, wanted = text.partition(":")
    axes, at, tuples = wanted.partition("@")
    styles = _styles_by_axes(axes.lower().split(","), tuples) if at else _styles_by_list(wanted)
    return Family(" ".join(name.split()), frozenset(styles)) if styles else Family(" ".join(name.split()))


def _styles_by_axes(axes: list[str], tuples: str) -> set[tuple[bool, int, int]]:
    styles = set()
    for text in tuples.split(";"):
        values = dict(zip(axes, text.split(","), strict=False))
        weights = [int(number) for number in _NUMBER.findall(values.get("wght", ""))] or [REGULAR]
        styles.add((values.get("ital") == "1", min(weights), max(weights)))
    return styles


def _styles_by_list(text: str) -> set[tuple[bool, int, int]]:
    """`400,700italic,bold`: the older form; what follows another colon are subsets."""
    styles = set()
    for word in text.partition(":")[0].lower().split(","):
        number = _NUMBER.search(word)
        weight = int(number[0]) if number else 700 if word.startswith("b") else REGULAR
        if word:
            styles.add(("i" in word.replace("thin", "").replace("light", ""), weight, weight))
    return styles
