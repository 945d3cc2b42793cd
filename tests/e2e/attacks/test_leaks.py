"""Attacks that go off by themselves, all in one page: sending data out, and reaching for what is not theirs."""

from dataclasses import dataclass

import pytest

from tests.e2e.attacks.attacks import GRABS, LEAKS_BY_MARKUP, LEAKS_BY_SCRIPT, WRITES, script, template
from tests.e2e.attacks.conftest import Victims, Visitor
from tests.e2e.attacks.deployment import SECRET
from tests.e2e.attacks.evil import Evil

pytestmark = pytest.mark.e2e
LEAKS = {*LEAKS_BY_SCRIPT, *LEAKS_BY_MARKUP}


@dataclass
class Outcome:
    leaks: set[str]
    wins: set[str]
    writes: set[str]


@pytest.fixture(scope="module")
def outcomes(victims: Victims, evil: Evil) -> dict[str, Outcome]:
    return {name: _attack(victims[name], evil, seconds) for name, seconds in (("strong", 4), ("weak", 15))}


def _attack(visitor: Visitor, evil: Evil, seconds: float) -> Outcome:
    target = visitor.deployment
    markup = [text.format(leak=f"{evil.origin}/leak/{name}") for name, text in LEAKS_BY_MARKUP.items()]
    scripts = [script(code) for code in (GRABS | WRITES | LEAKS_BY_SCRIPT).values()]
    head = template(evil, target.app, target.other, SECRET)
    evil.leaks.clear()
    page = visitor.context.new_page()
    frame = visitor.look(page, {"index.html": head + "\n".join(markup + scripts), "sw.js": "//"})
    for _ in range(int(seconds * 2)):
        page.wait_for_timeout(500)
        wins = set(frame.evaluate("wins"))
        if evil.leaks >= LEAKS and wins >= set(GRABS) and target.written() >= set(WRITES):
            break
    outcome = Outcome(set(evil.leaks), wins, target.written())
    page.close()
    return outcome


@pytest.mark.parametrize("name", sorted(LEAKS))
def test_nothing_gets_out(outcomes: dict[str, Outcome], name: str) -> None:
    assert name in outcomes["weak"].leaks, "this attack has no sting"
    assert name not in outcomes["strong"].leaks


@pytest.mark.parametrize("name", GRABS)
def test_nothing_else_is_reached(outcomes: dict[str, Outcome], name: str) -> None:
    assert name in outcomes["weak"].wins, "this attack has no sting"
    assert name not in outcomes["strong"].wins


@pytest.mark.parametrize("name", WRITES)
def test_the_app_writes_nothing(outcomes: dict[str, Outcome], name: str) -> None:
    assert name in outcomes["weak"].writes, "this attack has no sting"
    assert name not in outcomes["strong"].writes
