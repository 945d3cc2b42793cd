"""The run log's copy in the database. Synchronous: callers off the request thread use `database_sync_to_async`."""

from collections.abc import Sequence

from playground.protocol import Frame
from playground.runs.models import Checkpoint

MEND = "\x1e"  # stands in an answer where the model was asked to mend something, and began anew


def save_checkpoint(run: str, frames: Sequence[Frame], answer: str) -> None:
    make_checkpoint(run, frames, answer).save(force_insert=True)


def make_checkpoint(run: str, frames: Sequence[Frame], answer: str) -> Checkpoint:
    """Not saved yet."""
    return Checkpoint(
        run_id=run,
        first_seq=frames[0].seq,
        last_seq=frames[-1].seq,
        frames="\n".join(frame.model_dump_json() for frame in frames),
        answer=answer,
    )


def load_frames(run: str, after: int) -> list[Frame]:
    """All checkpointed frames with `seq > after`, in order."""
    stretches = Checkpoint.objects.filter(run_id=run, last_seq__gt=after).values_list("frames", flat=True)
    frames = (Frame.model_validate_json(line) for stretch in stretches for line in stretch.split("\n"))
    return [frame for frame in frames if frame.seq > after]


def load_answer(run: str) -> str:
    """The model's own text, as far as it is checkpointed."""
    return "".join(Checkpoint.objects.filter(run_id=run).values_list("answer", flat=True))


def last_seq(run: str) -> int:
    newest = Checkpoint.objects.filter(run_id=run).order_by("-last_seq").values_list("last_seq", flat=True).first()
    return newest or 0
