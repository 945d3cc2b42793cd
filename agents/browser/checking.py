"""The whole check: one browser, three passes, and never longer than it may take."""

import asyncio
import contextlib
from itertools import pairwise
from typing import Any

from playwright.async_api import Browser, Error

from agents.browser import pictures
from agents.browser.chromium import open_chromium
from agents.browser.exhibit import Exhibit
from agents.browser.isolation import Level
from agents.browser.measurements import Measurements
from agents.browser.phone import look_on_phone
from agents.browser.pictures import Pictures
from agents.browser.twins import compare_twins
from agents.browser.visit import Crashed, Hung
from agents.browser.watching import Watched, watch

LONGEST = 75.0  # seconds for all passes
_TWINS = 30.0


async def check(exhibit: Exhibit, program: str, level: Level, seed: int = 1) -> tuple[Measurements, Pictures]:
    """Raises Playwright's Error where the browser does not start, TimeoutError where it takes too long."""
    async with asyncio.timeout(LONGEST), open_chromium(program, level) as chromium:
        try:
            watched = await watch(exhibit, chromium.browser)
        except Error:
            if not chromium.is_too_large:
                raise
            watched = Watched({"has_crashed": True})
        facts: dict[str, Any] = {"browser": chromium.version, "seed": seed, **watched.facts, **_seen(watched)}
        measured = Measurements(**facts)
        kept = _keep(watched)
        if not measured.is_hung and not measured.has_crashed and measured.left_for is None:
            measured = await _go_on(exhibit, chromium.browser, measured, kept)
        if chromium.is_too_large:
            measured = measured.model_copy(update={"has_crashed": True})
        return measured, kept


async def _go_on(exhibit: Exhibit, browser: Browser, measured: Measurements, kept: Pictures) -> Measurements:
    """What the later passes find. Where one of them gets stuck, the earlier findings stand."""
    with contextlib.suppress(Hung, Crashed, Error):
        phone, picture = await look_on_phone(exhibit, browser)
        kept.shots["phone"] = pictures.keep(picture)
        measured = measured.model_copy(update={"phone": phone})
    if measured.controls or measured.listens_to:
        deadline = asyncio.get_running_loop().time() + _TWINS
        twins = await compare_twins(exhibit, browser, measured, deadline)
        measured = measured.model_copy(update={"twins": twins})
    return measured


def _seen(watched: Watched) -> dict[str, Any]:
    shots = list(watched.shots.values())
    frames = [frame for _index, frame in sorted(watched.frames.items())]
    return {
        "ink": tuple(round(pictures.ink(shot), 5) for shot in shots),
        "motion": tuple(round(pictures.motion(*pair), 4) for pair in pairwise(frames)),
    }


def _keep(watched: Watched) -> Pictures:
    shots = watched.shots
    frames = [frame for _index, frame in sorted(watched.frames.items())]
    moves = any(pictures.motion(*pair) > 0 for pair in pairwise(frames))
    return Pictures(
        shots={name: pictures.keep(shot) for name, shot in shots.items()},
        thumbnail=pictures.make_thumbnail(list(shots.values())),
        film=pictures.make_film(watched.frames) if moves else None,
    )
