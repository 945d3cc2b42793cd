"""Reading a journal for people: its events as the log tells them, and the pictures that it names."""

from agents.events import Event, read_event
from agents.state import State, rebuild
from playground import protocol as wire
from playground.builds.models import Build, Entry
from playground.builds.telling import Scene, tell


def read_steps(build: Build, after: int, limit: int) -> wire.BuildSteps:
    """Those with `seq > after`."""
    entries = list(build.entries.filter(seq__gt=after)[: limit + 1])
    if not entries:
        return wire.BuildSteps(entries=[], after=None)
    earlier = build.read_journal(entries[0].seq)
    state = rebuild(earlier) if earlier else None
    last = earlier[-1] if earlier else None
    told: list[wire.BuildEntry] = []
    for entry in entries[:limit]:
        event = read_event(entry.event)
        scene, state = take(state, event, last)
        told += [wire.BuildEntry(seq=entry.seq, at=entry.created_at, event=each) for each in tell(build, scene, event)]
        last = event
    return wire.BuildSteps(entries=told, after=entries[limit - 1].seq if len(entries) > limit else None)


def take(state: State | None, event: Event, last: Event | None) -> tuple[Scene, State]:
    """The event, taken into the state, and the scene in which it happened."""
    files = dict(state.files) if state else {}
    given = state.pending[0].arguments if state and state.pending else {}
    if state is None:
        state = rebuild([event])
    else:
        state.apply(event)
    return Scene(files, given, state, last), state


def has_picture(build: Build, sha: str) -> bool:
    """Whether the journal names a picture so. That it names a file so is not enough."""
    if len(sha) != 64:
        return False
    kinds = ("tool.returned", "checked", "finished")
    for text in Entry.objects.filter(build=build, kind__in=kinds, event__contains=sha).values_list("event", flat=True):
        event = read_event(text)
        report = getattr(event, "report", None)
        named = {getattr(event, "picture", ""), *(report.pictures.values() if report else ())}
        if sha in named:
            return True
    return False
