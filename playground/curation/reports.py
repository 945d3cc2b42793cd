"""Visitors' reports: in by anybody, in small numbers; out by a curator, with all the others about the same artifact."""

from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from playground.accounts.models import User
from playground.accounts.quotas import check_may_report
from playground.artifacts.models import Artifact
from playground.curation.models import Report, ReportState
from playground.curation.moderation import Curator

LONGEST = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Case:
    """What is said against one artifact."""

    artifact: Artifact
    reports: list[Report]


def report(artifact: Artifact, user: User | None, address: str, reason: str, text: str) -> Report:
    """Raises QuotaExceeded."""
    check_may_report(user, address)
    return Report.objects.create(artifact=artifact, reporter=user, reason=reason, text=text.strip()[:LONGEST])


def list_cases(state: str, most: int) -> list[Case]:
    """Of what is open, what waits longest; of what is decided, the latest."""
    found = Report.objects.filter(state=state).order_by()
    newest = found.values("artifact").annotate(last=Max("pk")).order_by("last" if state == "open" else "-last")
    ids = [row["artifact"] for row in newest[:most]]
    artifacts = Artifact.objects.select_related("owner", "entry").in_bulk(ids)
    reports = Report.objects.filter(state=state, artifact__in=ids).select_related("reporter", "decided_by")
    by_artifact: dict[str, list[Report]] = {}
    for each in reports:
        by_artifact.setdefault(each.artifact_id, []).append(each)
    return [Case(artifacts[pk], by_artifact[pk]) for pk in ids]


def close(artifact: Artifact, curator: Curator, state: ReportState) -> None:
    """All that is open about the artifact."""
    count = Report.objects.filter(artifact=artifact, state=ReportState.OPEN).update(
        state=state, decided_by=curator.user, decided_at=timezone.now()
    )
    if count:
        curator.note("dismissed reports of" if state == ReportState.DISMISSED else "acted upon reports of", artifact)


def count_open() -> int:
    return Report.objects.filter(state=ReportState.OPEN).order_by().values("artifact").distinct().count()
