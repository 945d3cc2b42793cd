"""A check in words, for the model: what fails, and what it takes to mend it.

Much of it is what the page itself says, so whoever passes it on fences it.
"""

from collections.abc import Iterable

from agents.browser import Gate, Outcome
from agents.browser.measurements import Problem
from agents.inspection import Files, Report
from agents.wording import clean

MOST_PROBLEMS = 5
AROUND = 3  # source lines before and after the one that a problem names
_MOST_TEXT = 600  # characters of the page's text
_MOST_DETAIL = 200  # characters

_WORDS = {
    ("loads", "status"): "the page answers with status {status}",
    ("loads", "left"): "the page goes to another address by itself: {url}",
    ("loads", "reloads"): "the page reloads itself again and again",
    ("loads", "never"): "the page does not become ready",
    ("runs", "crashed"): "the page makes its tab crash: it uses too much memory",
    ("runs", "hung"): "the page hangs: a script never ends",
    ("shows", "blank"): "the page is blank: there is no text and nothing is drawn",
    ("shows", "blank_canvas"): (
        "a {tag} of {width} × {height} pixels shows one colour, {colour}, at 0.5, 2 and 5 seconds, though the page "
        "draws {frames} times a second"
    ),
    ("exceptions", "exception"): "scripts throw errors ({count} of them)",
    ("files", "failed"): "files are missing, or cannot be used ({count} of them)",
    ("files", "console"): "the console shows errors",
    ("network", "blocked"): "the page wants to load from {hosts}, which it cannot: use add_library, or do without",
    ("responds", "dead"): "nothing that a person can do changes anything (tried: {tried})",
    ("phone", "overflow"): "on a phone the page is {pixels} pixels wider than the screen",
    ("phone", "small"): "on a phone {count} controls are too small to hit",
    ("accessibility", "flaws"): "accessibility: {flaws}",
}
_KINDS = {"exceptions": "exception", "files": "failed"}


def describe(report: Report, files: Files) -> str:
    """The first that fails, with what is known about it; hints; and what the page looks like."""
    if report.measured is None:
        return f"Not verified: {report.why}"
    lines = [f"Verdict: {report.verdict}."]
    if report.failed:
        lines.append(f"The first thing that fails: {explain(report.failed[0], report, files)}")
        lines += [f"Fails, too: {_say(gate)}." for gate in report.failed[1:]]
    lines += [f"Could be better: {_say(gate)}." for gate in report.gates if gate.outcome is Outcome.WARNED]
    motion = "It moves by itself." if report.measured.is_animated else "Nothing moves by itself."
    twins = report.measured.twins
    if twins and twins.response:
        motion += f" It responds to {clean(twins.response.to)}."
    controls = ", ".join(clean(control.name) or control.kind for control in report.measured.controls[:20])
    lines += [motion, f"Controls: {controls or 'none'}."]
    lines.append(f"Its text: {clean(report.measured.text)[:_MOST_TEXT]}")
    return "\n".join(lines)


def explain(gate: Gate, report: Report, files: Files) -> str:
    """One gate that fails: at most five different problems, with the source lines that they name."""
    kind = _KINDS.get(gate.name)
    if kind is None or report.measured is None:
        return f"{_say(gate)}."
    problems = [problem for problem in report.measured.problems if problem.kind == kind]
    return f"{_say(gate)}.\n{list_problems(problems, files)}"


def list_problems(problems: Iterable[Problem], files: Files) -> str:
    different = {problem.text: problem for problem in problems}
    shown = [_show(problem, files) for problem in list(different.values())[:MOST_PROBLEMS]]
    return "\n\n".join(shown)


def _show(problem: Problem, files: Files) -> str:
    place = f" ({clean(problem.place)})" if problem.place else ""
    return f"{clean(problem.text)[:500]}{place}{_source(problem.place, files)}"


def _source(place: str, files: Files) -> str:
    """The lines around `game.js:12:5`."""
    path, _, rest = place.partition(":")
    number = rest.partition(":")[0]
    if path not in files or not number.isdigit():
        return ""
    lines = files[path].decode(errors="replace").split("\n")
    first, last = max(1, int(number) - AROUND), min(len(lines), int(number) + AROUND)
    return "".join(f"\n{line:>5}  {clean(lines[line - 1])[:200]}" for line in range(first, last + 1))


def _say(gate: Gate) -> str:
    flaws = ", ".join(f"{name} {value}" for name, value in gate.details.items())
    words = _WORDS.get((gate.name, gate.code), f"{gate.name}: {gate.code}")
    details = {name: str(value)[:_MOST_DETAIL] for name, value in {**gate.details, "flaws": flaws}.items()}
    return clean(words.format(**details))
