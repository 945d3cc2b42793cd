import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from playground.protocol import EditDelta, Event, FileDelta, ReasoningDelta, TextDelta
from playground.runs import log, tails
from playground.runs.lines import Line, tell

LONGEST = 100_000  # characters of one delta; at most six bytes each in JSON

type Delta = TextDelta | ReasoningDelta | FileDelta | EditDelta
_DELTAS = (TextDelta, ReasoningDelta, FileDelta, EditDelta)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Stretch:
    """A stretch of the log, and the model's own words that its frames came of."""

    lines: list[Line]
    text: str = ""


class LogWriter:
    """The producer's end of a run's log: numbers events, joins deltas, writes them out together.

    Events wait in `_pending` until `flush`; deltas of one kind that meet there become one. Frames wait in
    `unsaved` until the caller has put them into a checkpoint.
    """

    def __init__(self, run: str, created_at: datetime, *, received: Stretch | None = None, last_seq: int = 0) -> None:
        """`received`: what an earlier holder has published, but not saved; it ends at `last_seq`."""
        self.run = run
        self.fence = 0
        self.is_fenced = False  # somebody else has gone on with the log
        self.wake: Callable[[], None] | None = None  # told that something is pending
        self.unsaved: list[Stretch] = [received] if received and received.lines else []
        self._created_at = created_at.timestamp()  # seconds
        self._seq = last_seq
        self._saved = 0  # the seq up to which all is in the database
        self._cut = -1  # up to which the log can be dropped
        self._pending: list[Event] = []
        self._texts: list[str] = []

    def add(self, *events: Event) -> None:
        self._pending += events
        if self.wake and events:
            self.wake()

    def note(self, text: str) -> None:
        """The model's own words, of which the events that are added next came."""
        self._texts.append(text)

    def forget(self) -> None:
        """What is pending is in the log already."""
        self._pending.clear()
        self._texts.clear()

    def number(self) -> Stretch:
        """Turn what is pending into frames, as lines. They are in `unsaved`, but not yet in Redis.

        Words of which nothing came yet wait for the frames that will: so the two never part.
        """
        at = int((time.time() - self._created_at) * 1000)
        events = split_deltas(join_deltas(self._pending))
        lines = [tell(self.run, seq, at, event) for seq, event in enumerate(events, self._seq + 1)]
        self._pending.clear()
        if not lines:
            return Stretch([])
        self._seq += len(lines)
        stretch = Stretch(lines, "".join(self._texts))
        self._texts.clear()
        self.unsaved.append(stretch)
        return stretch

    async def flush(self) -> None:
        await self.publish(self.number())

    async def publish(self, stretch: Stretch) -> None:
        await publish({self: stretch})

    def begin_append(self, stretch: Stretch) -> log.Append:
        """The run's last frames are published when all frames are in the database: none of the others need stay in
        Redis.
        """
        lines = stretch.lines
        cut, self._cut = lines[0].seq - 1 if lines[-1].is_last else self._cut, -1
        return log.Append(self.run, lines, stretch.text, self.fence, cut)

    def take_back(self, append: log.Append) -> None:
        """It did not reach Redis. The run goes on: followers find these frames in the next checkpoint."""
        self._cut = max(append.cut, self._cut)
        tails.starve(self.run)

    def take_unsaved(self) -> Stretch:
        stretch, self.unsaved = join_stretches(self.unsaved), []
        return stretch

    def mark_saved(self, seq: int) -> None:
        """Up to `seq` all is in the database. The log is cut behind the checkpoint before, so that few followers need
        the database.
        """
        self._cut, self._saved = self._saved, seq

    @contextmanager
    def restoring(self) -> Iterator[None]:
        """What is numbered and taken inside is as before, where the block raises."""
        before = self._seq, [*self.unsaved], [*self._pending], [*self._texts]
        try:
            yield
        except BaseException:
            self._seq, self.unsaved, self._pending, self._texts = before
            raise


async def publish(stretches: Mapping[LogWriter, Stretch]) -> None:
    """Put them into their logs, and hand them to who follows here."""
    appends = {
        writer: writer.begin_append(stretch)
        for writer, stretch in stretches.items()
        if stretch.lines and not writer.is_fenced
    }
    if not appends:
        return
    try:
        fenced = await log.append(*appends.values())
    except (log.RedisError, OSError) as error:
        logger.warning("frames of %d answers go to the database alone: %s", len(appends), error)
        for writer, append in appends.items():
            writer.take_back(append)
        return
    for writer, append in appends.items():
        if writer.run in fenced:
            writer.is_fenced = True
        else:
            tails.feed(writer.run, append.lines)


def join_stretches(stretches: Iterable[Stretch]) -> Stretch:
    stretches = list(stretches)
    lines = [line for stretch in stretches for line in stretch.lines]
    return Stretch(lines, "".join(stretch.text for stretch in stretches))


def join_deltas(events: Iterable[Event]) -> list[Event]:
    """Neighbouring deltas of one kind (and one file) as one event. Linear in the text."""
    joined: list[Event] = []
    texts: list[str] = []
    for event in events:
        if joined and _continues(joined[-1], event):
            texts.append(event.text)  # type: ignore[union-attr]  # only deltas continue
        else:
            _close(joined, texts)
            joined.append(event)
            texts = [event.text] if _is_delta(event) else []
    _close(joined, texts)
    return joined


def split_deltas(events: Iterable[Event]) -> list[Event]:
    """No delta longer than `LONGEST`: servers and proxies refuse websocket messages above a megabyte."""
    split: list[Event] = []
    for event in events:
        if _is_delta(event) and len(event.text) > LONGEST:
            split += [event.model_copy(update={"text": piece}) for piece in _cut(event)]
        else:
            split.append(event)
    return split


def _continues(before: Event, event: Event) -> bool:
    if isinstance(event, FileDelta | EditDelta):
        return type(before) is type(event) and before.path == event.path
    return _is_delta(event) and type(before) is type(event)


def _is_delta(event: Event) -> TypeGuard[Delta]:
    """By its type: that it is no instance of a model costs more to find out than to write it into JSON."""
    return type(event) in _DELTAS


def _cut(delta: Delta) -> list[str]:
    """Anywhere, but for edits, which are whole lines: one line longer than `LONGEST` stays whole."""
    if not isinstance(delta, EditDelta):
        return [delta.text[start : start + LONGEST] for start in range(0, len(delta.text), LONGEST)]
    pieces = [""]
    for line in delta.text.split("\n")[:-1]:
        if pieces[-1] and len(pieces[-1]) + len(line) > LONGEST:
            pieces.append("")
        pieces[-1] += f"{line}\n"
    return pieces


def _close(joined: list[Event], texts: list[str]) -> None:
    if len(texts) > 1:
        joined[-1] = joined[-1].model_copy(update={"text": "".join(texts)})
