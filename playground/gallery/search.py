"""Finding entries by words: SQLite's FTS5, or a text index of PostgreSQL.

Both are given the same words, so that both find the same: folded to lower case without accents and without a plural s;
and of Chinese, Japanese and Korean, which have no spaces, each pair of neighbouring characters. Every word asked for
has to be there, or to begin one that is. The database keeps its index by itself: migration `0002_entries`.
"""

import re
import unicodedata

from django.db import connection
from django.db.models.expressions import RawSQL

from playground.gallery.models import Entry, EntryQuerySet, SearchText

MOST_WORDS = 12  # of a search; the rest is left out

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUNS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")

_FOUND = {
    "sqlite": "SELECT rowid FROM gallery_search WHERE gallery_search MATCH %s",
    "postgresql": "SELECT entry_id FROM gallery_searchtext WHERE "
    "array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery",
}


def find_entries(entries: EntryQuerySet, wanted: str) -> EntryQuerySet:
    """Those that know all the words. A search without a word finds everything."""
    words = _words_asked(wanted)[:MOST_WORDS]
    if not words:
        return entries
    query = _for_sqlite(words) if connection.vendor == "sqlite" else _for_postgresql(words)
    return entries.filter(pk__in=RawSQL(_FOUND[connection.vendor], [query]))


def index_entry(entry: Entry) -> None:
    names = [name for tag in entry.tags.all() for name in (tag.slug, tag.name, tag.name_zh)]
    texts = [entry.title, entry.title_zh, entry.artifact.title, entry.wish, entry.wish_zh, *names]
    SearchText.objects.update_or_create(entry=entry, defaults={"words": " ".join(sorted(_words_of(texts)))})


def _words_of(texts: list[str]) -> set[str]:
    """Of a row of characters each pair, and the last one alone: so each is the beginning of a word."""
    words: set[str] = set()
    for run in _runs(" ".join(texts)):
        words |= {run[i : i + 2] for i in range(len(run))} if _IS_CJK.match(run) else {_singular(run)}
    return words


def _words_asked(text: str) -> list[str]:
    words: list[str] = []
    for run in _runs(text):
        is_pairs = _IS_CJK.match(run) and len(run) > 1
        words += [run[i : i + 2] for i in range(len(run) - 1)] if is_pairs else [_singular(run)]
    return words


def _runs(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _RUNS.findall(unicodedata.normalize("NFKC", plain))


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


def _for_sqlite(words: list[str]) -> str:
    return " ".join(f'"{word}"*' for word in words)


def _for_postgresql(words: list[str]) -> str:
    return " & ".join(f"'{word}':*" for word in words)
