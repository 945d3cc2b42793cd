from typing import Any

import pytest
from django.utils import translation

from agents.browser import Measurements, judge
from agents.browser.measurements import Accessibility
from playground.checks import wording
from tests.agents.browser.test_judging import CASES, GOOD

FLAWS = Accessibility(has_title=False, has_language=False, unnamed_controls=2, images_without_text=1, faint_texts=3)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("facts", [*(facts for facts, _verdict, _failed in CASES), {"accessibility": FLAWS}])
def test_every_gate_has_words(facts: dict[str, Any], language: str) -> None:
    with translation.override(language):
        for gate in judge(Measurements(**GOOD | facts))[1]:
            told = f"{wording.title(gate.name)}: {wording.evidence(gate)}"
            assert len(told) > 8
            assert "%(" not in told


def test_steps_are_told_by_the_names_of_controls() -> None:
    dead = next(facts for facts, _verdict, failed in CASES if failed == ["responds"])
    gate = next(gate for gate in judge(Measurements(**GOOD | dead))[1] if gate.name == "responds")
    assert "Tried: “Start”" in wording.evidence(gate)
