"""The film of how a version was made: a run's log, as everybody may see it, at a pace that one likes to watch.

It tells what was written, changed and checked. What only concerns those who made it stays in the log: what the model
thought and was told, which endpoint answered, what it cost, what was said to a build meanwhile.

The film has a numbering of its own, so that every position in it can be named; it comes of the log alone, which never
changes once the run is over, and so a number means the same on every server.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from agents.edits.lines import split_lines
from playground import protocol as build
from playground.artifacts.files import is_page
from playground.protocol import (
    AnswerWithdrawn,
    EditClosed,
    EditDelta,
    EditFailed,
    EditOpened,
    Event,
    FileClosed,
    FileDelta,
    FileOpened,
    FilmLook,
    Frame,
    RunFinished,
    SegmentStarted,
    TextDelta,
)

LONGEST = 60_000.0  # milliseconds of one film
LONGEST_PAUSE = 1_000.0  # milliseconds in which nothing happens
PER_CHARACTER = 0.6  # milliseconds at least: what came all at once can be watched, too
APART = 40.0  # milliseconds within which deltas are one
PIECE = 120  # characters of one delta
LOOK_APART = 1_000.0  # milliseconds between two pages of which the first one is not worth loading

_WRITING = ("", "write_file", "edit_file")
_KEPT = (
    TextDelta,
    FileOpened,
    FileDelta,
    FileClosed,
    EditOpened,
    EditDelta,
    EditClosed,
    EditFailed,
    SegmentStarted,
    RunFinished,
    build.BuildStep,
    build.ToolCalled,
    build.BuildPlanned,
    build.BuildFix,
    build.BuildRestored,
)
_DELTAS = (TextDelta, FileDelta, EditDelta, build.BuildWriting)
_DWELL = {FileOpened: 200.0, EditOpened: 300.0, build.BuildStep: 300.0, build.ToolReturned: 300.0}

type Delta = TextDelta | FileDelta | EditDelta | build.BuildWriting
type Shot = tuple[float, Event]


def cut_film(frames: Sequence[Frame]) -> list[Frame]:
    """Frames with `seq` from 1 on, and with `at` in milliseconds of the film. Empty where the log tells no making."""
    shots = list(_show(frames))
    if not any(isinstance(event, FileOpened | build.BuildStep) for _at, event in shots):
        return []
    paced = _join(_pace(list(_split(shots))))
    return [Frame(run="", seq=seq, at=round(at), event=event) for seq, (at, event) in enumerate(paced, 1)]


def find_looks(film: Iterable[Frame], base: Collection[str]) -> list[FilmLook]:
    """Where the page becomes another one. `base`: the paths of the version that it goes on from.

    Of those that follow each other at once, the last; but every step of a build, for it is a chapter, and where one
    may go on from.
    """
    looks = list(_looks(film, base))
    return [
        look
        for (at, look), (after, _) in pairwise([*looks, (math.inf, None)])
        if look and (look.streams or look.step is not None or after - at >= LOOK_APART)
    ]


def _looks(film: Iterable[Frame], base: Collection[str]) -> Iterator[tuple[float, FilmLook | None]]:
    known = set(base)  # of these, the page may have loaded the text of before
    streamed: str | None = None
    for frame in film:
        match frame.event:
            case FileOpened(path=path, is_edit=False) if streamed is None and is_page(path):
                streamed = path
                yield frame.at, FilmLook(seq=frame.seq, streams=True)
            case FileClosed(path=path):
                if path in known and path != streamed:
                    yield frame.at, FilmLook(seq=frame.seq)
                known.add(path)
            case EditClosed():
                yield frame.at, FilmLook(seq=frame.seq)
            case build.ToolReturned(step=step, changes=[_, *_]) | build.BuildRestored(step=step):
                yield frame.at, FilmLook(seq=frame.seq, step=step)


def _show(frames: Sequence[Frame]) -> Iterator[Shot]:
    """What everybody may see. What was withdrawn was no answer."""
    start = max((n for n, frame in enumerate(frames, 1) if isinstance(frame.event, AnswerWithdrawn)), default=0)
    for frame in frames[start:]:
        if event := _public(frame.event):
            yield frame.at, event


def _public(event: Event) -> Event | None:
    match event:
        case build.BuildAnswered():
            return event.model_copy(update={"reasoning": "", "used": build.BuildUse()})
        case build.ToolReturned():
            return event.model_copy(update={"text": "", "picture": ""})
        case build.BuildChecked(check=check):
            bare = check.model_copy(update={"pictures": type(check.pictures)(), "level": ""})
            return event.model_copy(update={"check": bare})
        case build.BuildFinished():
            return event.model_copy(update={"code": "", "message": ""})
        case build.BuildWriting(tool=tool, is_reasoning=False) if tool in _WRITING:
            return event
    return event if isinstance(event, _KEPT) else None


def _split(shots: Iterable[Shot]) -> Iterator[Shot]:
    """Long deltas came in over the time since the one before."""
    before, is_given = 0.0, False
    for at, event in shots:
        pieces = [event] if is_given or not isinstance(event, _DELTAS) else _pieces(event)
        for number, piece in enumerate(pieces, 1):
            yield before + (at - before) * number / len(pieces), piece
        before, is_given = at, isinstance(event, FileOpened) and event.is_edit


def _pieces(delta: Delta) -> list[Event]:
    """Edits are whole lines."""
    text = delta.text
    parts = (
        split_lines(text)
        if isinstance(delta, EditDelta)
        else [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    )
    return [delta.model_copy(update={"text": part}) for part in parts]


def _pace(shots: Sequence[Shot]) -> list[Shot]:
    """At recorded times, but without long pauses, not too fast to be seen, and not too long as a whole."""
    paced: list[Shot] = []
    now = 0.0
    for (before, _), (at, event) in pairwise([shots[0], *shots]):
        now += max(min(at - before, LONGEST_PAUSE), _dwell(event))
        paced.append((now, event))
    scale = min(1.0, LONGEST / now) if now else 1.0
    return [(at * scale, event) for at, event in paced]


def _dwell(event: Event) -> float:
    if isinstance(event, _DELTAS):
        return min(len(event.text), PIECE) * PER_CHARACTER
    return _DWELL.get(type(event), 0.0)


def _join(shots: Iterable[Shot]) -> list[Shot]:
    """Neighbouring deltas of one thing, where they are too near to be told apart."""
    joined: list[Shot] = []
    for at, event in shots:
        if joined and at - joined[-1][0] < APART and isinstance(event, _DELTAS) and _is_same(joined[-1][1], event):
            begun, before = joined[-1]
            joined[-1] = begun, event.model_copy(update={"text": before.text + event.text})  # type: ignore[union-attr]
        else:
            joined.append((at, event))
    return joined


def _is_same(before: Event, event: Delta) -> bool:
    return isinstance(before, _DELTAS) and before.model_copy(update={"text": ""}) == event.model_copy(
        update={"text": ""}
    )
