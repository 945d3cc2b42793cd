"""Who does the work of a build: the loop of `agents`, or a program that is installed on the workers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from agents.events import End, Event
from agents.host import Host, Means
from agents.loop import Loop
from playground.build_protocol import EngineInfo
from playground.errors import BadInput


class Engine(Protocol):
    async def run(self) -> End: ...


def find_engines() -> list[EngineInfo]:
    """Of this machine."""
    missing = EngineInfo(name="qwen_code", is_available=False, why=_("Qwen Code is not connected here yet."))
    return [EngineInfo(name="playground", is_available=True), missing]


def make_engine(name: str, journal: Sequence[Event], means: Means, host: Host, folder: Path) -> Engine:
    """`folder` is empty, and this owner's alone."""
    if name != "playground":
        raise BadInput("no_engine", _("This engine is not available here."))
    return Loop(journal, means, host, folder)
