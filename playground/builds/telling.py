"""What the run's log tells of an event of the journal. Nothing that it tells is longer than a frame may be."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents import events
from agents.budget import Spent
from agents.events import Event
from agents.state import State
from playground import protocol as wire
from playground.artifacts.blobs import read_blob
from playground.artifacts.contents import is_plain_text
from playground.builds.models import Build
from playground.builds.presenting import build_check, gate_title, limits_info, picture_url
from playground.builds.wording import ending

_TEXT = 2_400  # bytes of one text in a frame; two of them and the rest stay below 8 kB
_LINE = 400
_CHANGES = 20
_LARGE = 200_000  # bytes of a file whose lines are not compared


@dataclass(frozen=True, slots=True)
class Scene:
    """In which an event happens: the files before it, the arguments of the call that is next, how things stand after
    it, and the event before it.
    """

    files: Mapping[str, str]
    given: Mapping[str, Any]
    after: State
    last: Event | None
    is_draining: bool = False  # the worker is to end


def tell(build: Build, scene: Scene, event: Event) -> list[wire.BuildEvent]:
    step = scene.after.step
    match event:
        case events.Began(task=task):
            return [_began(build, len(task.files))]
        case events.Resumed():
            step += event.abandoned == "model"
            paused = isinstance(scene.last, events.Paused)
            return [wire.BuildResumed(step=step, after="pause" if paused else "death", open=event.abandoned)]
        case events.Asked():
            return [wire.BuildStep(step=event.step)]
        case events.Refused():
            message = cut(event.message, _TEXT)
            return [wire.BuildRefused(step=event.step, code=event.code, message=message, wait=event.wait)]
        case events.Answered():
            return [_answered(event, use_of(scene.after.spent, build.used, event))]
        case events.Called():
            return [wire.ToolCalled(step=event.step, id=event.id, name=event.name, what=_what(scene.given))]
        case events.Returned():
            return _returned(build.run_id, scene.files, event)
        case _:
            return _tell_rest(build, scene, event)


def _tell_rest(build: Build, scene: Scene, event: Event) -> list[wire.BuildEvent]:
    after, step = scene.after, scene.after.step
    match event:
        case events.Checked():
            check = build_check(build.run_id, event.report)
            is_best = after.best is after.last
            return [wire.BuildChecked(step=step, check=check, is_best=is_best, seconds=event.seconds)]
        case events.FixWanted():
            title, rounds = gate_title(event.gate), after.task.limits.fix_rounds
            return [wire.BuildFix(step=step, gate=event.gate, title=title, round=event.round, rounds=rounds)]
        case events.Restored():
            changes = _changes(scene.files, event.changes)
            return [wire.BuildRestored(step=step, changes=changes, more=_more(event.changes))]
        case events.Condensed():
            return [wire.BuildCondensed(step=step, messages=event.messages)]
        case events.Paused():
            reason = "restart" if scene.is_draining and event.reason == "turn" else event.reason
            return [wire.BuildPaused(step=step, reason=reason, message=cut(event.message, _TEXT), wait=event.wait)]
        case events.Finished():
            return [_finished(step, event)]
    return _tell_words(step, event)


def _tell_words(step: int, event: Event) -> list[wire.BuildEvent]:
    match event:
        case events.Warned():
            return [wire.BuildWarned(step=step, rule=event.rule, text=cut(event.text, _TEXT))]
        case events.Steered():
            return [wire.BuildSteered(step=step, id=event.id, text=cut(event.text, _TEXT))]
    return []


def use_of(spent: Spent, before: Mapping[str, object], event: Event) -> wire.BuildUse:
    is_estimated = bool(before.get("is_estimated"))
    if isinstance(event, events.Answered):
        is_estimated = is_estimated or event.tokens.is_estimate
    return wire.BuildUse(
        model_calls=spent.model_calls,
        tool_calls=spent.tool_calls,
        seconds=round(spent.seconds, 1),
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        checks=spent.checks,
        cost=spent.cost,
        is_estimated=is_estimated,
    )


def cut(text: str, size: int) -> str:
    """At most `size` bytes as JSON would have them, but for a mark that something is missing."""
    encoded = text.encode(errors="replace")
    return text if len(encoded) <= size else encoded[:size].decode(errors="ignore") + " …"


def _began(build: Build, files: int) -> wire.BuildBegan:
    origin = wire.ForkOrigin(run=build.origin_id, step=build.origin_step) if build.origin_id else None
    return wire.BuildBegan(
        engine="qwen_code" if build.engine == "qwen_code" else "playground",
        checklist=[cut(text, 200) for text in build.checklist],
        limits=limits_info(build.limits),
        files=files,
        origin=origin,
    )


def _answered(event: events.Answered, used: wire.BuildUse) -> wire.BuildAnswered:
    return wire.BuildAnswered(
        step=event.step,
        text=cut(event.text, _TEXT),
        reasoning=cut(event.reasoning, _TEXT),
        tools=[cut(call.name, 60) for call in event.calls[:_CHANGES]],
        used=used,
    )


def _what(given: Mapping[str, Any]) -> str:
    """Of a call: its path, command, library or question."""
    for name in ("path", "argv", "name", "glob", "pattern", "reason", "title"):
        if value := given.get(name):
            return cut(" ".join(map(str, value)) if isinstance(value, list) else str(value), _LINE)
    return ""


def _returned(run: str, files: Mapping[str, str], event: events.Returned) -> list[wire.BuildEvent]:
    told: list[wire.BuildEvent] = [
        wire.ToolReturned(
            step=event.step,
            id=event.id,
            name=cut(event.name, 60),
            is_ok=event.is_ok,
            summary=cut(event.summary, _LINE),
            text=cut(event.text, _TEXT),
            changes=_changes(files, event.changes),
            more=_more(event.changes),
            picture=picture_url(run, event.picture),
            seconds=round(event.seconds, 2),
        )
    ]
    if event.plan is not None:
        items = [wire.PlanItem(id=item.id[:40], text=cut(item.text, 200), status=item.status) for item in event.plan]
        told.append(wire.BuildPlanned(step=event.step, items=items))
    return told


def _changes(before: Mapping[str, str], changes: Mapping[str, str | None]) -> list[wire.FileChange]:
    return [_change(path, before.get(path), after) for path, after in list(changes.items())[:_CHANGES]]


def _more(changes: Mapping[str, str | None]) -> int:
    return max(0, len(changes) - _CHANGES)


def _change(path: str, before: str | None, after: str | None) -> wire.FileChange:
    old, new = _lines(before), _lines(after)
    added = removed = None
    if old is not None and new is not None:
        added, removed = (new - old).total(), (old - new).total()
    return wire.FileChange(path=path, before=before, after=after, added=added, removed=removed)


def _lines(sha: str | None) -> Counter[str] | None:
    """Without their order, so that comparing takes no time. None for what is no text, or too much of it."""
    content = read_blob(sha) if sha else b""
    if len(content) > _LARGE or not is_plain_text(content):
        return None
    return Counter(content.decode().splitlines())


def _finished(step: int, event: events.Finished) -> wire.BuildFinished:
    wrapping = event.wrapping or events.Wrapping(title="", summary="")
    return wire.BuildFinished(
        step=step,
        outcome=event.outcome,
        code=event.code,
        message=cut(ending(event.code, event.message), _LINE),
        title=cut(wrapping.title, _LINE),
        summary=cut(wrapping.summary, 1_600),
        controls=[cut(each, 120) for each in wrapping.controls],
        known_issues=[cut(each, 120) for each in wrapping.known_issues],
    )
