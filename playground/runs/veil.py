"""What a person may learn of a run. In a blind race that is not voted on: nothing that tells the model's name.

Every way on which frames leave towards a person goes through `follow_veiled`; rows go through `presenting.run_info`.
That one answer comes sooner than another can be watched, and is not hidden; when exactly it came, and what a failure
said, is. A model that introduces itself in its own words cannot be helped.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from django.utils.translation import gettext as _

from playground.protocol import Event, Frame, ModelAnswered, Problem, RunFailed, RunStarted, Usage, Withheld
from playground.runs.following import follow_lines
from playground.runs.lines import Line, line_of
from playground.runs.models import Run


async def follow_veiled(run: str, after: int = 0) -> AsyncGenerator[list[Line]]:
    """`follow_lines`, for the eyes of a person.

    Whether there is a veil is looked up once: it is lifted only when all lanes are over, and never comes back.
    """
    is_veiled = await Run.objects.veiled().filter(pk=run).aexists()
    async with aclosing(follow_lines(run, after)) as batches:
        async for lines in batches:
            yield [line_of(veil(line.frame)) for line in lines] if is_veiled else lines


def veil(frame: Frame) -> Frame:
    return frame.model_copy(update={"at": 0, "event": _veil_event(frame.event)})


def _veil_event(event: Event) -> Event:
    match event:
        case RunStarted():
            return RunStarted(model="")
        case ModelAnswered():
            return ModelAnswered(model="")
        case Usage():
            return Withheld()
        case RunFailed():
            return RunFailed(error=veiled_problem())
        case _:
            return event


def veiled_problem() -> Problem:
    """Instead of the real one, which may name the server."""
    return Problem(code="lane_failed", message=_("This one did not get through. Why is told after the vote."))
