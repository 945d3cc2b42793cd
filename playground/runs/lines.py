"""A frame as it travels: JSON, made once where it is written, and read by nobody on its way to a browser."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from pydantic_core import to_json

from playground.protocol import LAST, ConversationNews, Event, Frame, Refused

LONGEST = 256 * 1024  # characters of one message, beyond its first frame: proxies refuse messages above a megabyte

_LAST = re.compile(r'\{"run":"[^"]*","seq":\d+,"at":\d+,"event":\{"type":"run\.f(?:inished|ailed)"')


@dataclass(slots=True)
class Line:
    """A frame's JSON, and what the relay has to know of it."""

    run: str
    seq: int
    json: str
    is_last: bool

    @property
    def frame(self) -> Frame:
        return Frame.model_validate_json(self.json)


def tell(run: str, seq: int, at: int, event: Event) -> Line:
    """The line of a frame that nobody needs: making the frame would take four times as long."""
    json = f'{{"run":"{run}","seq":{seq},"at":{at},"event":{to_json(event).decode()}}}'
    return Line(run, seq, json, type(event) in LAST)


def line_of(frame: Frame) -> Line:
    return tell(frame.run, frame.seq, frame.at, frame.event)


def read_line(run: str, seq: int, json: str) -> Line:
    """Of a frame's JSON as `tell` makes it."""
    return Line(run, seq, json, _LAST.match(json) is not None)


def lines_of(frames: Iterable[Frame]) -> list[Line]:
    return [line_of(frame) for frame in frames]


def messages_of(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """What goes over a websocket: a `Frame`, or `Batch`es of several; each with the last seq in it."""
    if len(lines) == 1:  # nearly always
        yield lines[0].seq, lines[0].json
        return
    rest = [*lines]
    while rest:
        sizes = accumulate(len(line.json) for line in rest)
        count = max(1, sum(1 for _ in takewhile(lambda size: size <= LONGEST, sizes)))
        together, rest = rest[:count], rest[count:]
        yield together[-1].seq, together[0].json if count == 1 else batch_of(together)


def batch_of(lines: Iterable[Line], *, news: Iterable[ConversationNews] = (), refused: Iterable[Refused] = ()) -> str:
    """The JSON of a `Batch`."""
    told = ",".join(each.model_dump_json() for each in news)
    refusals = ",".join(each.model_dump_json() for each in refused)
    return f'{{"frames":[{",".join(line.json for line in lines)}],"news":[{told}],"refused":[{refusals}]}}'
