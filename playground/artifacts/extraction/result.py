from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.artifacts.extraction.extractor import Extractor, Part
from playground.protocol import FileClosed, FileDelta, FileOpened, ReasoningDelta, TextDelta


@dataclass(frozen=True, slots=True)
class Extraction:
    prose: str
    reasoning: str
    files: dict[str, str] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()  # files that the answer ended in


def extract(text: str) -> Extraction:
    extractor = Extractor()
    return collect([*extractor.feed(text), *extractor.finish()])


def collect(parts: Iterable[Part]) -> Extraction:
    """The fold of the parts. A path opened again starts over."""
    prose: list[str] = []
    reasoning: list[str] = []
    files: dict[str, list[str]] = {}
    incomplete: set[str] = set()
    for part in parts:
        match part:
            case TextDelta(text=text):
                prose.append(text)
            case ReasoningDelta(text=text):
                reasoning.append(text)
            case FileOpened(path=path):
                files[path] = []
                incomplete.discard(path)
            case FileDelta(path=path, text=text):
                files[path].append(text)
            case FileClosed(path=path, complete=complete) if not complete:
                incomplete.add(path)
    whole = {path: "".join(texts) for path, texts in files.items()}
    return Extraction("".join(prose), "".join(reasoning), whole, frozenset(incomplete))
