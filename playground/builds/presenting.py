"""How a build stands, as wire types, in the language that is active."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agents.browser import Gate, Outcome
from agents.inspection import Report
from playground import protocol as wire
from playground.builds import wording
from playground.builds.evidence import find_item
from playground.checks import wording as checks
from playground.checks.models import VerdictWords
from playground.protocol import CheckGate, CheckPictures

if TYPE_CHECKING:
    from playground.builds.models import Build

_SHOTS = ("0.5", "2", "5", "phone")
_LONGEST = 400  # characters of a gate's evidence


def build_info(build: "Build") -> wire.BuildInfo:
    """Wants the run selected."""
    means = build.means or {}
    plan = [_item(build, item) for item in build.plan]
    evidence = {item.id: item.evidence for item in plan}
    wrapping = build.wrapping or {}
    state = state_of(build)
    return wire.BuildInfo(
        engine=_engine(build.engine),
        state=state,
        place=_place(build) if state == "waiting" else None,
        resumes_at=build.resumes_at if state == "paused" else None,
        step=build.step,
        checklist=[_requirement(text, plan, evidence) for text in build.checklist],
        plan=plan,
        used=wire.BuildUse.model_validate(build.used),
        limits=limits_info(build.limits),
        check=build_check(build.run_id, Report.model_validate(build.best)) if build.best else None,
        level=means.get("level"),
        commands=means.get("commands"),
        verifies=means.get("verifies"),
        stopping=build.stop or None if state != "over" else None,
        outcome=build.outcome or None,
        code=build.code,
        message=wording.ending(build.code, build.message) if build.code else "",
        title=wrapping.get("title", ""),
        summary=wrapping.get("summary", ""),
        controls=list(wrapping.get("controls", [])),
        known_issues=list(wrapping.get("known_issues", [])),
        origin=wire.ForkOrigin(run=build.origin_id, step=build.origin_step) if build.origin_id else None,
    )


def state_of(build: "Build") -> "wire.BuildState":
    run, now = build.run, timezone.now()
    if run.is_over:
        return "over"
    if run.lease_until and run.lease_until > now:
        return "working"
    return "paused" if build.resumes_at and build.resumes_at > now else "waiting"


def limits_info(limits: Mapping[str, Any]) -> wire.BuildLimits:
    return wire.BuildLimits.model_validate({name: limits.get(name) for name in wire.BuildLimits.model_fields})


def picture_url(run: str, sha: str) -> str:
    return f"/api/runs/{run}/build/pictures/{sha}" if sha else ""


def build_check(run: str, report: Report) -> wire.BuildCheck:
    def url(name: str) -> str | None:
        return picture_url(run, report.pictures[name]) if name in report.pictures else None

    return wire.BuildCheck(
        verdict=report.verdict.value,
        words=str(VerdictWords(report.verdict.value).label),
        why=wording.why(report.why)[:_LONGEST],
        gates=[gate_info(gate) for gate in [*report.failed, *_warned(report.gates)]],
        pictures=CheckPictures(
            thumbnail=url("thumbnail"),
            film=url("film"),
            shots={name: found for name in _SHOTS if (found := url(name))},
        ),
        level=checks.level(report.isolation) if report.isolation else "",
    )


def gate_info(gate: Gate) -> CheckGate:
    return CheckGate(
        name=gate.name,
        title=checks.title(gate.name),
        outcome=Outcome(gate.outcome).value,
        text=checks.evidence(gate)[:_LONGEST],
    )


def gate_title(name: str) -> str:
    return _("The page is there") if name == "entry" else checks.title(name)


def _warned(gates: Iterable[Gate]) -> list[Gate]:
    return [gate for gate in gates if gate.outcome is Outcome.WARNED]


def _place(build: "Build") -> int | None:
    from playground.builds.leases import place_of  # noqa: PLC0415 - it asks the models, which ask this module

    return place_of(build) if build.run.status == "running" else None


def _engine(name: str) -> wire.EngineName:
    return "qwen_code" if name == "qwen_code" else "playground"


def _item(build: "Build", item: Mapping[str, Any]) -> wire.PlanItem:
    found = build.evidence.get(str(item["id"]), [])
    return wire.PlanItem(
        id=str(item["id"]),
        text=item["text"],
        status=item["status"],
        evidence=[_evidence(build.run_id, each) for each in found],
    )


def _requirement(
    text: str, plan: list[wire.PlanItem], evidence: Mapping[str, list[wire.Evidence]]
) -> wire.ChecklistItem:
    item = find_item(text, {each.id: each.text for each in plan if each.status == "done"})
    return wire.ChecklistItem(text=text, item=item, evidence=evidence.get(item, []) if item else [])


def _evidence(run: str, found: Mapping[str, Any]) -> wire.Evidence:
    step, path = int(found["step"]), str(found.get("path", ""))
    match found["kind"]:
        case "file":
            text = _("%(path)s was written in step %(step)d") % {"path": path, "step": step}
        case "check":
            verdict = str(VerdictWords(str(found["verdict"])).label)
            text = _("the check of the finished page: %(verdict)s") % {"verdict": verdict}
        case "picture":
            text = _("a picture of step %(step)d") % {"step": step}
        case _:
            text = _("the model called it done in step %(step)d") % {"step": step}
    url = picture_url(run, str(found.get("sha", "")))
    return wire.Evidence(kind=found["kind"], step=step, text=text, path=path, url=url)
