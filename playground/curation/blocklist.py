"""What of an artifact is on the blocklist: words in its titles, description, wishes and files; hosts that it asks for.

Publishing is free; it is the way into the gallery that is held until a curator has looked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from playground.artifacts.files import StoredFile
from playground.artifacts.models import Version
from playground.artifacts.trees import Tree
from playground.checks.services import check_of
from playground.curation.models import BlockedKind, BlockedTerm

MOST_BYTES = 2 * 1024 * 1024  # of a version's texts that are read

_HOST = re.compile(r"(?:https?:|wss?:)?//([a-z0-9][a-z0-9.-]*\.[a-z]{2,})", re.IGNORECASE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Finding:
    term: BlockedTerm
    place: str  # where it was found, for a curator


def find_blocked(version: Version) -> list[Finding]:
    """Each term once, with the first place that names it."""
    terms = list(BlockedTerm.objects.all())
    if not terms:
        return []
    texts = [(place, text) for place, text in _texts(version) if text]
    hosts = [(place, host) for place, text in texts for host in _HOST.findall(text)] + list(_hosts(version))
    found = []
    for term in terms:
        places = hosts if term.kind == BlockedKind.HOST else texts
        names = _names_host if term.kind == BlockedKind.HOST else _names_word
        if place := next((place for place, text in places if names(text, term.text)), ""):
            found.append(Finding(term, place))
    return found


def _texts(version: Version) -> Iterator[tuple[str, str]]:
    entry = getattr(version.artifact, "entry", None)
    yield _("title"), version.artifact.title
    yield _("description"), version.artifact.description
    if entry:
        yield _("title"), f"{entry.title}\n{entry.title_zh}"
        yield _("wish"), f"{entry.wish}\n{entry.wish_zh}"
    for prompt in version.artifact.versions.exclude(prompt="").values_list("prompt", flat=True):
        yield _("wish"), prompt
    tree, left = Tree(version.files), MOST_BYTES
    for path, file in version.files.items():
        if _is_text(file) and file["size"] <= left:
            left -= file["size"]
            yield path, tree.read(path).decode(errors="replace")


def _hosts(version: Version) -> Iterator[tuple[str, str]]:
    """Those that it may reach, and those that it asked for in its check."""
    for host in version.artifact.allowed_hosts:
        yield _("allowed hosts"), host
    check = check_of(version)
    measured = check.read_measurements() if check else None
    for host in measured.blocked if measured else ():
        yield _("what it asks for"), host


def _is_text(file: StoredFile) -> bool:
    return file["mime"].startswith(("text/", "image/svg")) or "json" in file["mime"] or "javascript" in file["mime"]


def _names_word(text: str, word: str) -> bool:
    """As a word of its own; in Chinese, Japanese and Korean, which have no spaces, anywhere."""
    wanted = re.escape(" ".join(word.casefold().split())).replace(r"\ ", r"\s+")
    pattern = wanted if _CJK.search(word) else rf"(?<!\w){wanted}(?!\w)"
    return re.search(pattern, text.casefold()) is not None


def _names_host(host: str, blocked: str) -> bool:
    host, blocked = host.lower().rstrip("."), blocked.lower().strip(". ")
    return host == blocked or host.endswith(f".{blocked}")
