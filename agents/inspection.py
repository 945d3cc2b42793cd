"""How a build looks at what it has made, and what is kept of that."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from playwright.async_api import Error

from agents.browser import Act, Encounter, Exhibit, Gate, Level, Measurements, Outcome, Pictures, Verdict, judge
from agents.browser import check as check_page
from agents.browser import interact as try_page
from agents.browser.measurements import Value

type Files = Mapping[str, bytes]  # contents by path
type Keep = Callable[[bytes], Awaitable[str]]


class Report(Value):
    """A check, as it is kept. The verdict is computed anew from the measurements, always the same.

    `measured` is None where nothing could look: `why` says so, and the verdict is "not verified".
    """

    measured: Measurements | None = None
    why: str = ""
    isolation: str = ""
    pictures: dict[str, str] = {}  # SHA-256 by name: "0.5", "2", "5", "phone", "thumbnail", "film"

    @property
    def verdict(self) -> Verdict:
        return judge(self.measured)[0] if self.measured else Verdict.NOT_VERIFIED

    @property
    def gates(self) -> tuple[Gate, ...]:
        return judge(self.measured)[1] if self.measured else ()

    @property
    def failed(self) -> tuple[Gate, ...]:
        """The most important first."""
        return tuple(gate for gate in self.gates if gate.outcome is Outcome.FAILED)


class Unseen(Exception):
    """The browser did not do its part. Says why."""


class Inspector(Protocol):
    """Shows files in a browser as the product does."""

    @property
    def isolation(self) -> str: ...

    async def check(self, files: Files) -> tuple[Measurements, Pictures]:
        """Raises Unseen."""
        ...

    async def interact(self, files: Files, acts: Sequence[Act]) -> tuple[Encounter, bytes]:
        """With a picture of the end, WebP. Raises Unseen."""
        ...


@dataclass(frozen=True, slots=True)
class Browser:
    """The inspector there is. `exhibit` shows files as production does: it is the host's."""

    program: str
    level: Level
    exhibit: Callable[[Files], Exhibit]

    @property
    def isolation(self) -> str:
        return str(self.level)

    async def check(self, files: Files) -> tuple[Measurements, Pictures]:
        try:
            return await check_page(self.exhibit(files), self.program, self.level)
        except (Error, TimeoutError, OSError) as error:
            raise Unseen(f"The browser could not check the page ({_reason(error)}).") from error

    async def interact(self, files: Files, acts: Sequence[Act]) -> tuple[Encounter, bytes]:
        try:
            return await try_page(self.exhibit(files), acts, self.program, self.level)
        except (Error, TimeoutError, OSError) as error:
            raise Unseen(f"The browser could not try the page ({_reason(error)}).") from error


async def inspect(inspector: Inspector, files: Files, keep: Keep) -> Report:
    """Raises Unseen."""
    measured, pictures = await inspector.check(files)
    shots = {**pictures.shots, "thumbnail": pictures.thumbnail, "film": pictures.film}
    kept = {name: await keep(picture) for name, picture in shots.items() if picture}
    return Report(measured=measured, isolation=inspector.isolation, pictures=kept)


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
