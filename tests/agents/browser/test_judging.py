"""The verdict follows from the measurements alone."""

from typing import Any

import pytest

from agents.browser import Measurements, Outcome, Verdict, judge
from agents.browser.measurements import Control, Phone, Problem, Response, Surface, Twins

GOOD: dict[str, Any] = {
    "browser": "156",
    "seed": 1,
    "status": 200,
    "ready_ms": 90,
    "ink": (0.2, 0.2, 0.2),
    "text_length": 40,
}
BUTTON = (Control(index=0, kind="button", name="Start"),)
DEAD = Twins(tried=("control: Start",))
ALIVE = Twins(tried=("control: Start",), response=Response(to="control: Start", changed=0.1, by="picture"))
BLACK = (Surface(tag="canvas", width=800, height=600, colour="#000000"),)
EXCEPTION = (Problem(kind="exception", text="x is not defined", place="index.html:3:1"),)


CASES: list[tuple[dict[str, Any], Verdict, list[str]]] = [
    ({}, Verdict.WORKS_WELL, []),
    ({"status": 404}, Verdict.BROKEN, ["loads"]),
    ({"ready_ms": None}, Verdict.BROKEN, ["loads"]),
    ({"left_for": "https://example.com"}, Verdict.BROKEN, ["loads"]),
    ({"reloads": 5}, Verdict.BROKEN, ["loads"]),
    ({"is_hung": True, "ready_ms": None}, Verdict.BROKEN, ["runs"]),
    ({"has_crashed": True}, Verdict.BROKEN, ["runs"]),
    ({"ink": (0.0, 0.0, 0.0), "text_length": 0}, Verdict.BROKEN, ["shows"]),
    # One button is little ink, and yet a page.
    ({"ink": (0.0005, 0.0005, 0.0005), "text_length": 5}, Verdict.WORKS_WELL, []),
    ({"blank_surfaces": BLACK}, Verdict.BROKEN, ["shows"]),
    # A canvas that waits to be drawn on.
    ({"blank_surfaces": BLACK, "controls": BUTTON, "twins": ALIVE}, Verdict.WORKS_WELL, []),
    ({"problems": EXCEPTION}, Verdict.USABLE, ["exceptions"]),
    ({"controls": BUTTON, "twins": DEAD}, Verdict.USABLE, ["responds"]),
    ({"controls": BUTTON, "twins": DEAD, "problems": EXCEPTION}, Verdict.BROKEN, ["exceptions", "responds"]),
    ({"controls": BUTTON, "twins": DEAD, "plays_sound": True}, Verdict.WORKS_WELL, []),
    ({"controls": BUTTON, "twins": Twins(tried=(), is_complete=False)}, Verdict.WORKS_WELL, []),
    ({"blocked": ("cdn.example.com",)}, Verdict.USABLE, ["network"]),
    ({"problems": (Problem(kind="failed", text="img: cat.png (404)"),)}, Verdict.USABLE, ["files"]),
    ({"problems": (Problem(kind="console", text="oh"),)}, Verdict.WORKS_WELL, []),
    ({"phone": Phone(overflow=400, small_controls=3)}, Verdict.WORKS_WELL, []),
]


@pytest.mark.parametrize(("facts", "verdict", "failed"), CASES)
def test_a_verdict(facts: dict[str, Any], verdict: Verdict, failed: list[str]) -> None:
    found, gates = judge(Measurements(**GOOD | facts))
    assert (found, [gate.name for gate in gates if gate.outcome is Outcome.FAILED]) == (verdict, failed)


def test_animation_has_to_be_seen_twice() -> None:
    assert not Measurements(**GOOD, motion=(0.2, 0.0, 0.0)).is_animated
    assert Measurements(**GOOD, motion=(0.01, 0.0, 0.01)).is_animated
