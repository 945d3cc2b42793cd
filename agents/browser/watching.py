"""The first pass: the page as it runs, in real time."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from agents.browser import pictures, scripts
from agents.browser.exhibit import Exhibit
from agents.browser.measurements import Accessibility, Control, Problem, Surface
from agents.browser.pictures import Picture
from agents.browser.visit import Crashed, Hung, Visit, open_visit

WIDTH, HEIGHT = 1024, 768
_STEP = 0.375  # seconds between pictures, from 0.5 s to 5 s
_FRAMES = 13
LONGEST = 30.0  # seconds: a page that answers, but always late, hangs as well
_AGAIN = 3.0  # seconds after loading in which a page that reloads itself has done so once more
SHOTS = {"0.5": 0, "2": 4, "5": 12}
_MOST_PROBLEMS = 20
_LONGEST_URL = 200


@dataclass(slots=True)
class Watched:
    """`facts` are fields of the measurements."""

    facts: dict[str, Any] = field(default_factory=dict)
    frames: dict[int, Picture] = field(default_factory=dict)

    @property
    def shots(self) -> dict[str, Picture]:
        """At each moment; where the machine was too slow for it, the next that there is."""
        found = {}
        for name, index in SHOTS.items():
            later = [taken for taken in sorted(self.frames) if taken >= index]
            if later:
                found[name] = self.frames[later[0]]
        return found


async def watch(exhibit: Exhibit, browser: Any) -> Watched:
    watched = Watched()
    visit = await open_visit(exhibit, browser, WIDTH, HEIGHT, [scripts.read("observe.js")])
    try:
        async with asyncio.timeout(LONGEST):
            await _watch(visit, watched)
    except (Hung, TimeoutError):
        watched.facts["is_hung"] = True
    except Crashed:
        watched.facts["has_crashed"] = True
    watched.facts |= _told(visit)
    if not watched.facts.get("is_hung") and not watched.facts.get("has_crashed"):
        await visit.close()
    return watched


async def _watch(visit: Visit, watched: Watched) -> None:
    await visit.start()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for index in range(_FRAMES):
        wait = begun + 0.5 + index * _STEP - loop.time()
        if wait < -_STEP and index not in SHOTS.values():
            continue  # this machine is too slow for so many
        await asyncio.sleep(max(0.0, wait))
        if index in SHOTS.values():
            await visit.ask("() => 1")
            await visit.listen()
        watched.frames[index] = await visit.look()
    seconds = loop.time() - begun
    await _settle(visit)
    found = await visit.ask(scripts.read("inspect.js"))
    if found:
        watched.facts |= _facts(found, list(watched.shots.values()), seconds)


async def _settle(visit: Visit) -> None:
    """A busy machine gets a second chance; a page that reloads itself is followed until it stays, or is taken away."""
    seen = 0
    await visit.settle()
    await visit.listen()
    while visit.frame and visit.heard.reloads > seen:
        seen = visit.heard.reloads
        await asyncio.sleep(_AGAIN)
        await visit.settle()
        await visit.listen()


def _facts(found: dict[str, Any], shots: list[Picture], seconds: float) -> dict[str, Any]:
    """Everything comes from an untrusted page, but for the pictures; the measurements' types check it."""
    blank = [_blank(surface, shots) for surface in found["surfaces"]]
    return {
        "ready_ms": found["ready"] or None,
        "text": found["text"],
        "text_length": found["text_length"],
        "controls": tuple(Control(**control) for control in found["controls"]),
        "listens_to": tuple(sorted(found["listeners"])),
        "plays_sound": found["sound"],
        "frames_per_second": round(found["frames"] / seconds, 1),
        "long_tasks": found["long_tasks"],
        "heap_megabytes": found["heap"],
        "surfaces": len(found["surfaces"]),
        "blank_surfaces": tuple(filter(None, blank)),
        "accessibility": Accessibility(
            has_title=found["title"],
            has_language=found["language"],
            unnamed_controls=found["unnamed"],
            images_without_text=found["images"],
            faint_texts=found["faint"],
        ),
    }


def _blank(surface: dict[str, Any], shots: list[Picture]) -> Surface | None:
    box = (surface["left"], surface["top"], surface["right"], surface["bottom"])
    colours = {pictures.flat_colour(shot, box) for shot in shots}
    if len(colours) != 1 or (colour := colours.pop()) is None:
        return None
    return Surface(tag=surface["tag"], width=box[2] - box[0], height=box[3] - box[1], colour=colour)


def _told(visit: Visit) -> dict[str, Any]:
    messages = visit.heard.messages
    asked = [message["url"] for message in messages if message.get("type") == "blocked"]
    left = visit.heard.left
    frame = visit.frame
    if left is None and frame and frame.url.startswith("chrome-error"):
        left = ""
    return {
        "status": visit.status,
        "reloads": visit.heard.reloads,
        "left_for": left,
        "problems": problems_of(visit),
        "blocked": tuple(sorted({host for url in [*asked, *visit.outside] if (host := _host(url))})),
        "dialogs": sum(message.get("type") == "dialog" for message in messages),
    }


def problems_of(visit: Visit) -> tuple[Problem, ...]:
    """Each once, in order."""
    found = (_problem(message, visit.exhibit.url) for message in visit.heard.messages)
    return tuple({problem: None for problem in found if problem})[:_MOST_PROBLEMS]


def _problem(message: dict[str, Any], own: str) -> Problem | None:
    place = re.sub(r":0:0$", "", message.get("source", ""))
    match message.get("type"):
        case "error":
            return Problem(kind="exception", text=str(message.get("text")), place=place)
        case "failed":
            status = f" ({message['status']})" if message.get("status") else ""
            note = f" {message['note']}" if message.get("note") else ""
            return Problem(kind="failed", text=f"{message.get('what')}: {_short(message, own)}{status}{note}")
        case "console" if message.get("level") == "error":
            return Problem(kind="console", text=str(message.get("text")), place=place)
    return None


def _short(message: dict[str, Any], own: str) -> str:
    url = str(message.get("url")).removeprefix(own)
    return url if len(url) <= _LONGEST_URL else f"{url[:_LONGEST_URL]}…"


def _host(url: str) -> str | None:
    parts = urlsplit(url)
    return parts.netloc if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc else None
