"""How good a checked page is, so that two of them can be compared."""

from agents.browser.judging import VITAL
from agents.inspection import Report

type Score = tuple[int, int, int]

_UNKNOWN = (-len(VITAL) - 1, 0, 0)


def score(report: Report) -> Score:
    """More is better: first the gates without which a page is none, then all gates, then the number of problems."""
    if report.measured is None:
        return _UNKNOWN
    failed = [gate.name for gate in report.failed]
    vital = sum(name in VITAL for name in failed)
    return (-vital, -len(failed), -len(report.measured.problems))


def is_worth_keeping(report: Report) -> bool:
    """It loads, runs and shows something."""
    return report.measured is not None and not any(gate.name in VITAL for gate in report.failed)
