"""Each clip's page goes through the check that the demos meet on the first start, and no hint is left."""

import os
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from pytest_django.fixtures import Settings

from agents.browser import Exhibit, Measurements, Outcome, Verdict, check, find_chromium, judge
from agents.browser.isolation import probe
from agents.browser.phone import look_on_phone
from agents.browser.pictures import ink
from agents.browser.watching import watch
from playground.accounts.models import User
from playground.artifacts.services import create_artifact
from playground.checks.serving import exhibit_of
from playground.launcher.registry import ask_npm, read_registry
from playground.reel.clips import Clip, load_clips
from playground.shelf.cdn import parse, shelf_path
from playground.shelf.failures import ShelfFailure
from playground.shelf.pulling import pull_package
from tests.playground.checks.test_browser import look
from tests.playground.reel.test_clips import addresses_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program() -> str:
    found = find_chromium()
    assert found, "these tests need Chromium"
    return found


@pytest.fixture
def exhibits(alice: User, settings: Settings) -> dict[str, Exhibit]:
    """The clips whose libraries can be had."""
    settings.NPM_REGISTRY = read_registry(os.environ, ask_npm(os.environ)) or "https://registry.npmjs.org"
    return {clip.slug: _exhibit(alice, clip) for clip in load_clips() if _is_shelved(clip)}


def _exhibit(owner: User, clip: Clip) -> Exhibit:
    return exhibit_of(create_artifact(owner=owner, title=clip.title["en"], files=clip.files))


def _is_shelved(clip: Clip) -> bool:
    try:
        for address in addresses_in(clip.files["index.html"].decode()):
            reference = parse(shelf_path(address, {}) or "")
            assert reference
            pull_package(reference.name, reference.range)
    except ShelfFailure:
        return False
    return True


def test_no_clip_fails_a_gate_or_leaves_a_hint(program: str, exhibits: dict[str, Exhibit]) -> None:
    """Without the twins, which take their time: those are the next test's."""

    async def measure(exhibit: Exhibit, browser: Any) -> Measurements:
        watched = await watch(exhibit, browser)
        phone, _picture = await look_on_phone(exhibit, browser)
        facts: dict[str, Any] = {"browser": "", "seed": 7, "ink": [ink(shot) for shot in watched.shots.values()]}
        return Measurements(**facts | watched.facts | {"phone": phone})

    measured = look(program, exhibits, measure)
    assert len(measured) >= 11
    assert {slug: found for slug, one in measured.items() if (found := _findings(one))} == {}


def _findings(measured: Measurements) -> list[str]:
    return [str(gate) for gate in judge(measured)[1] if gate.outcome in (Outcome.WARNED, Outcome.FAILED)]


@pytest.mark.soak
def test_every_clip_works_well(program: str, exhibits: dict[str, Exhibit]) -> None:
    verdicts = {}
    for slug, shown in exhibits.items():
        measured, _pictures = async_to_sync(check)(shown, program, probe(), 7)
        verdict, gates = judge(measured)
        verdicts[slug] = verdict, {gate.outcome for gate in gates}
    assert verdicts == dict.fromkeys(exhibits, (Verdict.WORKS_WELL, {Outcome.PASSED}))
