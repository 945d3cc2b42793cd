"""A stretch of a run's log as the database keeps it: exactly what it was, in about a byte for each byte of text.

Neighbouring deltas of one kind are one record, with when each came and how long it is. A checkpoint says the model's
words twice, as frames and as its own text; packed together, the second time costs next to nothing.
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pydantic_core import from_json

from playground.protocol import Frame
from playground.runs.lines import Line

type Json = dict[str, Any]
type Record = list[Any]

_LEVEL = 6
_DELTAS = ("text.delta", "reasoning.delta", "file.delta", "edit.delta")


def pack(lines: Sequence[Line], answer: str) -> bytes:
    """`lines` without a gap, and the model's own text that they came of."""
    frames: list[Json] = from_json(f"[{','.join(line.json for line in lines)}]")
    records = [record for kind, group in groupby(frames, _kind) for record in _record(kind, list(group))]
    return zlib.compress(json.dumps([records, answer], ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)


def unpack(run: str, first_seq: int, packed: bytes | memoryview) -> list[Frame]:
    records: list[Record] = json.loads(zlib.decompress(packed))[0]
    told = (one for record in records for one in _read(record))
    return [
        Frame.model_validate({"run": run, "seq": seq, "at": at, "event": event})
        for seq, (at, event) in enumerate(told, first_seq)
    ]


def unpack_answer(packed: bytes | memoryview) -> str:
    answer: str = json.loads(zlib.decompress(packed))[1]
    return answer


def _kind(frame: Json) -> tuple[str, str] | None:
    """What neighbours have in common; None for what is no delta."""
    event = frame["event"]
    return (event["type"], event.get("path", "")) if event["type"] in _DELTAS else None


def _record(kind: tuple[str, str] | None, frames: list[Json]) -> Iterator[Record]:
    if kind is None:
        for frame in frames:
            yield [frame["at"], frame["event"]]
    else:
        texts: list[str] = [frame["event"]["text"] for frame in frames]
        yield [[frame["at"] for frame in frames], *kind, [len(text) for text in texts], "".join(texts)]


def _read(record: Record) -> Iterator[tuple[int, dict[str, object]]]:
    if len(record) == 2:
        yield record[0], record[1]
        return
    times, name, path, lengths, text = record
    where = {"path": path} if path else {}
    start = 0
    for at, length in zip(times, lengths, strict=True):
        yield at, {"type": name, **where, "text": text[start : start + length]}
        start += length
