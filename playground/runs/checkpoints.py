"""The run log's copy in the database. Synchronous: callers off the request thread use `database_sync_to_async`."""

from collections.abc import Sequence

from playground.protocol import Frame
from playground.runs.lines import Line
from playground.runs.models import Checkpoint
from playground.runs.packing import pack, unpack, unpack_answer

MEND = "\x1e"  # stands in an answer where the model was asked to mend something, and began anew


def save_checkpoint(run: str, lines: Sequence[Line], answer: str) -> None:
    make_checkpoint(run, lines, answer).save(force_insert=True)


def make_checkpoint(run: str, lines: Sequence[Line], answer: str) -> Checkpoint:
    """Not saved yet."""
    return Checkpoint(
        run_id=run,
        first_seq=lines[0].seq,
        last_seq=lines[-1].seq,
        packed=pack(lines, answer),
        is_worded=bool(answer),
    )


def load_frames(run: str, after: int) -> list[Frame]:
    """All checkpointed frames with `seq > after`, in order."""
    stretches = Checkpoint.objects.filter(run_id=run, last_seq__gt=after).values_list("first_seq", "packed")
    frames = (frame for first_seq, packed in stretches for frame in unpack(run, first_seq, packed))
    return [frame for frame in frames if frame.seq > after]


def load_answer(run: str) -> str:
    """The model's own text, as far as it is checkpointed."""
    return "".join(map(unpack_answer, Checkpoint.objects.filter(run_id=run).values_list("packed", flat=True)))


def last_seq(run: str) -> int:
    newest = Checkpoint.objects.filter(run_id=run).order_by("-last_seq").values_list("last_seq", flat=True).first()
    return newest or 0
