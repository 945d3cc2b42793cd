"""The second pass: whether the page responds to input, proved by twins.

Three pages are loaded under a clock that only moves when it is told to, with the same chance. One gets input, two are
left alone; where the picture or the text of the first then differs by more than the two differ from each other, the
input did it, whatever else moves on the page.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.async_api import Browser, Error

from agents.browser import scripts
from agents.browser.exhibit import Exhibit
from agents.browser.measurements import Control, Measurements, Response, Twins
from agents.browser.pictures import Picture, changed_share
from agents.browser.visit import Crashed, Hung, Visit, open_visit
from agents.browser.watching import HEIGHT, WIDTH

_EPOCH = 1_750_000_000_000  # ms, where the clock stands
_HOUR = 3600
_FIRST = 2000  # ms that the page has to get going
AFTER = 800  # ms that input has to take effect
REST = (WIDTH - 3, HEIGHT - 3)  # where the mouse is, unless it is used: nothing then hovers in one twin alone
SMALLEST = 0.00002  # share of pixels: 16 of them
# What is typed shows by itself.
_HIDE_FIELDS = "input,textarea,select,[contenteditable]{visibility:hidden!important}"
# Held for different times, so that there and back is not the same.
_KEYS = (
    ("Space", 60),
    ("Enter", 60),
    ("ArrowRight", 250),
    ("ArrowLeft", 80),
    ("ArrowUp", 250),
    ("ArrowDown", 80),
    ("d", 200),
    ("a", 60),
    ("w", 200),
    ("s", 60),
)
_MESSAGES = ("navigate", "link", "download", "copy", "dialog", "fullscreen")

type Act = Callable[[Visit, "Run"], Awaitable[None]]
type Run = Callable[[int], Awaitable[None]]  # lets so many ms pass


@dataclass(frozen=True, slots=True)
class Step:
    """`lasts`: ms that its own action takes. One that is `typed` needs the keyboard in the page's frame."""

    name: str
    act: Act
    lasts: int = 0
    typed: bool = False


@dataclass(frozen=True, slots=True)
class State:
    picture: Picture
    text: str


async def compare_twins(exhibit: Exhibit, browser: Browser, measured: Measurements, deadline: float) -> Twins:
    """`deadline`: of the event loop's clock."""
    steps = plan(measured)
    if not steps:
        return Twins(tried=())
    try:
        visits = [await open_twin(exhibit, browser, measured.seed) for _ in range(3)]
        return await _compare(visits, steps, deadline)
    except (Hung, Crashed, Error):
        return Twins(tried=(), is_complete=False)


async def _compare(visits: Sequence[Visit], steps: Sequence[Step], deadline: float) -> Twins:
    moved = visits[0]
    await asyncio.gather(*(begin(visit) for visit in visits))
    tried: list[str] = []
    noise = 0.0
    for step in steps:
        if asyncio.get_running_loop().time() > deadline:
            return Twins(tried=tuple(tried), noise=noise, is_complete=False)
        if step.typed:
            await asyncio.gather(*(focus(visit) for visit in visits))
        await moved.listen()
        await asyncio.gather(*(_take(visit, step, is_moved=visit is moved) for visit in visits))
        tried.append(step.name)
        told = {message.get("type") for message in await moved.listen()}
        response, difference = await _look(visits, step.name, noise)
        if response or difference:  # a picture may have come a frame too early: what is there stays there
            response, difference = await _look(visits, step.name, noise)
        noise = max(noise, difference)
        if told & set(_MESSAGES):
            response = response or Response(to=step.name, changed=0.0, by="message")
        if response:
            return Twins(tried=tuple(tried), response=response, noise=noise)
    return Twins(tried=tuple(tried), noise=noise)


async def _look(visits: Sequence[Visit], name: str, noise: float) -> tuple[Response | None, float]:
    """The response, if any, and by how much the two that were left alone differ."""
    one, base, other = [await state_of(visit) for visit in visits]
    difference = changed_share(base.picture, other.picture)
    return _difference(name, one, base, other, max(noise, difference)), difference


def _difference(name: str, one: State, base: State, other: State, noise: float) -> Response | None:
    changed = min(changed_share(one.picture, base.picture), changed_share(one.picture, other.picture))
    if base.text == other.text and one.text != base.text:
        return Response(to=name, changed=changed, by="text")
    if changed > max(SMALLEST, 3 * noise):
        return Response(to=name, changed=changed, by="picture")
    return None


# ----------------------------------------------------------------------------------------------- steps


def plan(measured: Measurements) -> list[Step]:
    """What there is to press, and what the page listens to. Keys come last: only a click gives a frame the keyboard,
    and what the first click anywhere does would then have been done in each twin.
    """
    steps = [_control_step(control) for control in measured.controls]
    listens = " ".join(measured.listens_to)
    if any(word in listens for word in ("click", "mouse", "pointer", "touch")):
        steps += [Step("click", _click), Step("drag", _drag, 5 * 40)]
    if "key" in listens:
        steps.append(Step("keys", _press_keys, sum(held for _key, held in _KEYS), typed=True))
    return steps


def _control_step(control: Control) -> Step:
    name = f"control: {control.name}"
    return Step(name, partial(_use, control))


async def _press_keys(visit: Visit, run: Run) -> None:
    for key, held in _KEYS:
        await visit.page.keyboard.down(key)
        await run(held)
        await visit.page.keyboard.up(key)


async def _click(visit: Visit, run: Run) -> None:
    await visit.page.mouse.click(WIDTH // 2, HEIGHT // 2)


async def _drag(visit: Visit, run: Run) -> None:
    mouse = visit.page.mouse
    await mouse.move(WIDTH * 0.4, HEIGHT * 0.45)
    await mouse.down()
    for part in range(1, 6):
        await mouse.move(WIDTH * (0.4 + 0.05 * part), HEIGHT * (0.45 + 0.04 * part))
        await run(40)
    await mouse.up()


async def _use(control: Control, visit: Visit, run: Run) -> None:
    """As a person does: by mouse and keyboard, where the control is."""
    place = await visit.ask(scripts.read("place.js").replace("CHECK_INDEX", str(control.index)))
    if not place:
        return
    await visit.page.mouse.click(*place)
    keyboard = visit.page.keyboard
    match control.kind:
        case "text":
            await keyboard.type("12")
            await keyboard.press("Enter")
        case "range":
            for _ in range(3):
                await keyboard.press("ArrowRight")
        case "choice":
            await keyboard.press("Escape")
            await keyboard.press("ArrowDown")


# ----------------------------------------------------------------------------------------------- time


async def open_twin(exhibit: Exhibit, browser: Any, seed: int) -> Visit:
    visit = await open_visit(exhibit, browser, WIDTH, HEIGHT)
    await visit.context.clock.install(time=_EPOCH / 1000)
    await visit.context.clock.pause_at(_EPOCH / 1000 + _HOUR)  # it cannot go back, however slow the machine is
    # After the clock's own script, which it corrects.
    await visit.context.add_init_script(scripts.read("same.js").replace("CHECK_SEED", str(seed)))
    return visit


async def begin(visit: Visit) -> None:
    await visit.start()
    await visit.settle()
    await visit.page.mouse.move(*REST)
    await pass_time(visit, _FIRST)
    await visit.settle()


async def focus(visit: Visit) -> None:
    """Give the page's frame the keyboard, as a click does."""
    await visit.page.mouse.click(*REST)
    await pass_time(visit, AFTER)


async def _take(visit: Visit, step: Step, *, is_moved: bool) -> None:
    """The same time passes for all."""
    if is_moved:
        with contextlib.suppress(Error):  # such as a control that is gone
            await step.act(visit, partial(pass_time, visit))
        await visit.page.mouse.move(*REST)
    elif step.lasts:
        await pass_time(visit, step.lasts)
    await pass_time(visit, AFTER)


async def pass_time(visit: Visit, milliseconds: int) -> None:
    await visit.context.clock.run_for(milliseconds)


async def state_of(visit: Visit) -> State:
    text = await visit.ask(scripts.read("settle.js"))
    return State(await visit.look(_HIDE_FIELDS), str(text))
