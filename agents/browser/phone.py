"""The third pass: the page on a phone."""

import asyncio
from typing import Any

from agents.browser import scripts
from agents.browser.exhibit import Exhibit
from agents.browser.measurements import Phone
from agents.browser.pictures import Picture
from agents.browser.visit import open_visit

_WIDTH, _HEIGHT = 390, 844
_LOOKING = 0.7  # seconds


async def look_on_phone(exhibit: Exhibit, browser: Any) -> tuple[Phone | None, Picture]:
    visit = await open_visit(exhibit, browser, _WIDTH, _HEIGHT, [scripts.read("observe.js")], has_touch=True)
    await visit.start()
    await visit.settle()
    await asyncio.sleep(_LOOKING)
    picture = await visit.look()
    found = await visit.ask(scripts.read("inspect.js"))
    await visit.close()
    return Phone(overflow=found["overflow"], small_controls=found["small"]) if found else None, picture
