from typing import Literal

from django.utils.http import urlencode

from agents.browser import INSTALL, Gate, Outcome
from playground import protocol
from playground.artifacts.models import Version
from playground.checks import wording
from playground.checks.models import Check, Reason, State, VerdictWords
from playground.checks.services import check_of


def check_info(version: Version) -> protocol.CheckInfo:
    """What is known of the version, in the reader's language."""
    check = check_of(version)
    if check is None:
        return protocol.CheckInfo(state="none", verdict="not_verified", words=str(VerdictWords.NOT_VERIFIED.label))
    measured = check.read_measurements()
    return protocol.CheckInfo(
        state=State(check.state).value,
        verdict=VerdictWords(check.verdict).value,
        words=str(VerdictWords(check.verdict).label),
        why=wording.reason(Reason(check.reason)) if check.reason else "",
        install=INSTALL if check.reason == Reason.NO_BROWSER else "",
        gates=[_gate(gate) for gate in check.read_gates()],
        problems=[_problem(problem.kind, problem.text, problem.place) for problem in measured.problems]
        if measured
        else [],
        numbers=wording.numbers(measured) if measured else {},
        pictures=picture_urls(version, check),
        level=wording.level(check.level) if check.level else "",
        browser=measured.browser if measured else "",
        seed=check.seed,
        seconds=round(check.duration_ms / 1000, 1) if check.duration_ms else None,
        checked_at=check.finished_at,
    )


def picture_urls(version: Version, check: Check) -> protocol.CheckPictures:
    base = f"/api/artifacts/{version.artifact_id}/versions/{version.number}/picture"

    def url(name: str, **query: str) -> str | None:
        blob = check.pictures.get(name)
        return f"{base}?{urlencode({**query, 'v': blob[:8]})}" if blob else None

    return protocol.CheckPictures(
        thumbnail=url("thumbnail"),
        film=url("film", animated="1"),
        shots={name: found for name in ("0.5", "2", "5", "phone") if (found := url(name, shot=name))},
    )


def _gate(gate: Gate) -> protocol.CheckGate:
    return protocol.CheckGate(
        name=gate.name,
        title=wording.title(gate.name),
        outcome=Outcome(gate.outcome).value,
        text=wording.evidence(gate),
    )


def _problem(kind: Literal["exception", "failed", "console"], text: str, place: str) -> protocol.CheckProblem:
    """`place` is `game.js:12:5`."""
    path, *numbers = place.rsplit(":", 2)
    line, column = (int(number) if number.isdigit() else 0 for number in (*numbers, "0", "0")[:2])
    return protocol.CheckProblem(kind=kind, text=text, path=path, line=line, column=column)
