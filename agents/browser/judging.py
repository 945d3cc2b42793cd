"""Gates and a verdict, from measurements alone: the same measurements always give the same verdict."""

from enum import StrEnum

from agents.browser.measurements import Accessibility, Measurements, Phone, Value

ENDLESS = 5  # reloads by the page itself
_INK = 0.001
_TEXT = 3  # characters


class Outcome(StrEnum):
    PASSED = "passed"
    WARNED = "warned"  # could be better; the verdict does not depend on it
    FAILED = "failed"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    WORKS_WELL = "works_well"
    USABLE = "usable"
    BROKEN = "broken"
    NOT_VERIFIED = "not_verified"


class Gate(Value):
    """`code` says in which way, `details` holds what a sentence about it needs."""

    name: str
    outcome: Outcome
    code: str
    details: dict[str, str | int | float] = {}


# Without these a page is not one.
VITAL = ("loads", "runs", "shows")


def judge(measured: Measurements) -> tuple[Verdict, tuple[Gate, ...]]:
    gates = tuple(gate(measured) for gate in (_loads, _runs, _shows, _exceptions, _files, _network, _responds))
    gates += (_phone(measured.phone), _accessibility(measured.accessibility))
    failed = {gate.name for gate in gates if gate.outcome is Outcome.FAILED}
    if failed & set(VITAL) or {"exceptions", "responds"} <= failed:
        return Verdict.BROKEN, gates
    return Verdict.USABLE if failed else Verdict.WORKS_WELL, gates


def _loads(measured: Measurements) -> Gate:
    if measured.status is not None and measured.status >= 400:
        return Gate(name="loads", outcome=Outcome.FAILED, code="status", details={"status": measured.status})
    if measured.left_for is not None:
        return Gate(name="loads", outcome=Outcome.FAILED, code="left", details={"url": measured.left_for})
    if measured.reloads >= ENDLESS:
        return Gate(name="loads", outcome=Outcome.FAILED, code="reloads", details={"count": measured.reloads})
    if measured.ready_ms is None and not measured.is_hung and not measured.has_crashed:
        return Gate(name="loads", outcome=Outcome.FAILED, code="never")
    return Gate(name="loads", outcome=Outcome.PASSED, code="ready", details={"ms": measured.ready_ms or 0})


def _runs(measured: Measurements) -> Gate:
    if measured.has_crashed:
        return Gate(name="runs", outcome=Outcome.FAILED, code="crashed")
    if measured.is_hung:
        return Gate(name="runs", outcome=Outcome.FAILED, code="hung")
    return Gate(name="runs", outcome=Outcome.PASSED, code="alive")


def _shows(measured: Measurements) -> Gate:
    """Judged for each canvas on its own. One that waits to be drawn on is blank until somebody does."""
    if not measured.ink or measured.ready_ms is None:
        return Gate(name="shows", outcome=Outcome.UNKNOWN, code="unseen")
    if max(measured.ink) < _INK and measured.text_length < _TEXT:
        return Gate(name="shows", outcome=Outcome.FAILED, code="blank")
    has_response = measured.twins is not None and measured.twins.response is not None
    if measured.blank_surfaces and not has_response:
        blank = measured.blank_surfaces[0]
        details: dict[str, str | int | float] = {
            "tag": blank.tag,
            "width": blank.width,
            "height": blank.height,
            "colour": blank.colour,
            "frames": round(measured.frames_per_second),
        }
        return Gate(name="shows", outcome=Outcome.FAILED, code="blank_canvas", details=details)
    return Gate(name="shows", outcome=Outcome.PASSED, code="animated" if measured.is_animated else "still")


def _exceptions(measured: Measurements) -> Gate:
    return _problems(measured, "exceptions", "exception", Outcome.FAILED)


def _files(measured: Measurements) -> Gate:
    failed = _problems(measured, "files", "failed", Outcome.FAILED)
    return failed if failed.outcome is Outcome.FAILED else _problems(measured, "files", "console", Outcome.WARNED)


def _problems(measured: Measurements, name: str, kind: str, outcome: Outcome) -> Gate:
    found = [problem for problem in measured.problems if problem.kind == kind]
    if not found:
        return Gate(name=name, outcome=Outcome.PASSED, code="none")
    first = found[0]
    details: dict[str, str | int | float] = {"count": len(found), "text": first.text, "place": first.place}
    return Gate(name=name, outcome=outcome, code=kind, details=details)


def _network(measured: Measurements) -> Gate:
    if not measured.blocked:
        return Gate(name="network", outcome=Outcome.PASSED, code="none")
    details: dict[str, str | int | float] = {"hosts": ", ".join(measured.blocked[:5]), "count": len(measured.blocked)}
    return Gate(name="network", outcome=Outcome.FAILED, code="blocked", details=details)


def _responds(measured: Measurements) -> Gate:
    twins = measured.twins
    if not measured.controls and not measured.listens_to:
        return Gate(name="responds", outcome=Outcome.PASSED, code="nothing_to_do")
    if twins is None:
        return Gate(name="responds", outcome=Outcome.UNKNOWN, code="untried")
    if twins.response:
        details: dict[str, str | int | float] = {
            "to": twins.response.to,
            "by": twins.response.by,
            "changed": round(100 * twins.response.changed, 1),
        }
        return Gate(name="responds", outcome=Outcome.PASSED, code="responds", details=details)
    if not twins.is_complete or measured.plays_sound:
        return Gate(name="responds", outcome=Outcome.UNKNOWN, code="sound" if measured.plays_sound else "no_time")
    return Gate(name="responds", outcome=Outcome.FAILED, code="dead", details={"tried": "; ".join(twins.tried)})


def _phone(phone: Phone | None) -> Gate:
    if phone is None:
        return Gate(name="phone", outcome=Outcome.UNKNOWN, code="untried")
    if phone.overflow > 2:
        return Gate(name="phone", outcome=Outcome.WARNED, code="overflow", details={"pixels": phone.overflow})
    if phone.small_controls:
        return Gate(name="phone", outcome=Outcome.WARNED, code="small", details={"count": phone.small_controls})
    return Gate(name="phone", outcome=Outcome.PASSED, code="fits")


def _accessibility(found: Accessibility | None) -> Gate:
    if found is None:
        return Gate(name="accessibility", outcome=Outcome.UNKNOWN, code="untried")
    flaws: dict[str, str | int | float] = {
        name: count
        for name, count in {
            "title": not found.has_title,
            "language": not found.has_language,
            "unnamed": found.unnamed_controls,
            "images": found.images_without_text,
            "faint": found.faint_texts,
        }.items()
        if count
    }
    if flaws:
        return Gate(name="accessibility", outcome=Outcome.WARNED, code="flaws", details=flaws)
    return Gate(name="accessibility", outcome=Outcome.PASSED, code="none")
