"""The hold-in corpus: every form in which models give files, with the exact result, whole and in random chunks."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from playground.artifacts.extraction import Edit, Extraction, Extractor, collect, extract

ANSWERS = Path(__file__).parents[2] / "fixtures" / "answers"


@dataclass
class Case:
    form: str
    name: str
    answer: str
    files: dict[str, str] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    edits: list[Edit] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    is_silent: bool = False


def read_cases(path: Path) -> list[Case]:
    text = path.read_text()
    sections = [section.partition("\n") for section in f"\n{text}".split("\n@@ case ")[1:]]
    return [read_case(path.stem, heading, body) for heading, _, body in sections]


def read_case(form: str, heading: str, body: str) -> Case:
    """`heading` is a name and options; `body` the answer, then one section for each expectation."""
    answer, *sections = split(body)
    name, options = read_options(heading)
    case = Case(form, name, encode(answer[1], options))
    for directive, text in sections:
        kind, _, rest = directive.partition(" ")
        word, options = read_options(rest)
        text = text[:-1] if "cut" in options else text
        expect(case, kind, word, text)
    return case


def split(body: str) -> list[tuple[str, str]]:
    """Directives and the text below each; the first one is the answer's."""
    sections = [("answer", "")]
    for line in body.splitlines(keepends=True):
        if line.startswith("@@ include "):
            directive, text = sections.pop()
            sections.append((directive, text + (ANSWERS / "shared" / line.split()[2]).read_text()))
        elif line.startswith("@@ "):
            sections.append((line[3:].strip(), ""))
        else:
            directive, text = sections.pop()
            sections.append((directive, text + line))
    return sections


def read_options(words: str) -> tuple[str, set[str]]:
    name, _, options = f" {words}".partition(" [")
    return name.strip(), set(options.replace("[", "").replace("]", "").split())


def encode(answer: str, options: set[str]) -> str:
    answer = answer[:-1] if "cut" in options else answer
    answer = answer.replace("\n", "\r\n") if "crlf" in options else answer
    return f"\ufeff{answer}" if "bom" in options else answer


def expect(case: Case, kind: str, word: str, text: str) -> None:
    match kind:
        case "file":
            case.files[word] = text
        case "incomplete":
            case.incomplete.add(word)
        case "edit":
            case.edits.append(Edit(None if word == "-" else word, text, "", complete=True))
        case "replace":
            edit = case.edits.pop()
            case.edits.append(Edit(edit.path, edit.search, text, complete=True))
        case "unfinished":
            edit = case.edits.pop()
            case.edits.append(Edit(edit.path, edit.search, edit.replace, complete=False))
        case "prose":
            case.prose.append(text.strip("\n"))
        case "silent":
            case.is_silent = True
        case _:
            raise ValueError(f"{case.form}: {case.name}: unknown directive {kind}")


CASES = [case for path in sorted(ANSWERS.glob("*.txt")) for case in read_cases(path)]


def check(case: Case, result: Extraction) -> None:
    assert result.files == case.files
    assert result.incomplete == case.incomplete
    assert list(result.edits) == case.edits
    for prose in case.prose:
        assert prose in result.prose
    assert not case.is_silent or not result.prose.strip()


def each[Test: Callable[[Case], None]](function: Test) -> Test:
    names = [f"{case.form}: {case.name}" for case in CASES]
    return pytest.mark.parametrize("case", CASES, ids=names)(function)


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 150
    assert len({(case.form, case.name) for case in CASES}) == len(CASES)


@each
def test_case(case: Case) -> None:
    check(case, extract(case.answer))


@each
def test_case_in_chunks(case: Case) -> None:
    dice = random.Random(case.name)
    for longest in (1, 4, 20, 200):
        extractor = Extractor()
        cuts = [0]
        while cuts[-1] < len(case.answer):
            cuts.append(min(cuts[-1] + dice.randint(1, longest), len(case.answer)))
        parts = [part for start, end in pairwise(cuts) for part in extractor.feed(case.answer[start:end])]
        check(case, collect([*parts, *extractor.finish()]))
