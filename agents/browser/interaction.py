"""Trying what a person would do, under a clock that only moves when it is told to."""

import asyncio
import json
import re
from collections.abc import Sequence

from playwright.async_api import Error

from agents.browser import scripts
from agents.browser.acts import Act, Encounter, Reaction
from agents.browser.chromium import open_chromium
from agents.browser.exhibit import Exhibit
from agents.browser.isolation import Level
from agents.browser.pictures import changed_share, keep
from agents.browser.twins import AFTER, REST, State, begin, focus, open_twin, pass_time, state_of
from agents.browser.visit import Crashed, Hung, Visit
from agents.browser.watching import HEIGHT, WIDTH, problems_of

_LONGEST = 75.0  # seconds
_MOST_TEXT = 400  # characters
_DRAG = 200  # ms
_POINT = re.compile(r"\s*(\d{1,4})\s*,\s*(\d{1,4})\s*")


class _Missing(Exception):
    """There is nothing that a target names."""


async def interact(
    exhibit: Exhibit, acts: Sequence[Act], program: str, level: Level, seed: int = 1
) -> tuple[Encounter, bytes]:
    """What each act did, and a picture of the end (WebP; empty where the page is gone).

    Raises Playwright's Error where the browser does not start, TimeoutError where it takes too long.
    """
    reactions: list[Reaction] = []
    picture = b""
    async with asyncio.timeout(_LONGEST), open_chromium(program, level) as chromium:
        visit = await open_twin(exhibit, chromium.browser, seed)
        try:
            await begin(visit)
            await focus(visit)
            for act in acts:
                reactions.append(await _try(visit, act))
            picture = keep(await visit.look())
            await visit.listen()
        except Hung:
            reactions += _not_done(acts[len(reactions) :], "The page hangs: it does not answer any more.")
        except (Crashed, Error):
            reactions += _not_done(acts[len(reactions) :], "The page is gone.")
        return Encounter(reactions=tuple(reactions), problems=problems_of(visit)), picture


async def _try(visit: Visit, act: Act) -> Reaction:
    """As much time passes before it as with it: what changes then changes by itself."""
    before = await state_of(visit)
    await pass_time(visit, _duration(act) + AFTER)
    idle = await state_of(visit)
    try:
        await _do(visit, act)
    except _Missing as missing:
        return Reaction(act=act, trouble=f"There is nothing to be seen like “{missing}”.")
    except Error as error:
        return Reaction(act=act, trouble=error.message.splitlines()[0][:200])
    await visit.page.mouse.move(*REST)
    await pass_time(visit, AFTER)
    return _compare(act, before, idle, await state_of(visit))


def _compare(act: Act, before: State, idle: State, after: State) -> Reaction:
    return Reaction(
        act=act,
        changed=round(changed_share(idle.picture, after.picture), 5),
        idle=round(changed_share(before.picture, idle.picture), 5),
        text=None if after.text == idle.text else after.text[:_MOST_TEXT],
    )


async def _do(visit: Visit, act: Act) -> None:
    mouse, keyboard = visit.page.mouse, visit.page.keyboard
    match act.do:
        case "click":
            await mouse.click(*await _find(visit, act.target))
        case "double_click":
            await mouse.dblclick(*await _find(visit, act.target))
        case "press" | "hold":
            await keyboard.down(act.value)
            await pass_time(visit, _duration(act))
            await keyboard.up(act.value)
        case "type":
            await mouse.click(*await _find(visit, act.target))
            await keyboard.type(act.value)
        case "drag":
            await _drag(visit, await _find(visit, act.target), await _find(visit, act.value))
        case "wheel":
            await mouse.move(*await _find(visit, act.target))
            await mouse.wheel(0, float(act.value) if act.value.lstrip("-").isdigit() else 300)
        case "wait":
            await pass_time(visit, _duration(act))


def _duration(act: Act) -> int:
    return {"drag": _DRAG, "press": act.ms or 60, "hold": act.ms or 500, "wait": act.ms or 1000}.get(act.do, 0)


async def _drag(visit: Visit, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = visit.page.mouse
    await mouse.move(*start)
    await mouse.down()
    for part in range(1, 6):
        await mouse.move(*(one + (other - one) * part / 5 for one, other in zip(start, end, strict=True)))
        await pass_time(visit, _DRAG // 5)
    await mouse.up()


async def _find(visit: Visit, target: str) -> tuple[float, float]:
    """Without a target, the middle of the page."""
    if not target.strip():
        return WIDTH / 2, HEIGHT / 2
    if point := _POINT.fullmatch(target):
        return float(point[1]), float(point[2])
    place = await visit.ask(scripts.read("target.js").replace("CHECK_TARGET", json.dumps(target)))
    if not place:
        raise _Missing(target[:80])
    return float(place[0]), float(place[1])


def _not_done(acts: Sequence[Act], trouble: str) -> list[Reaction]:
    return [Reaction(act=act, trouble=trouble) for act in acts]
