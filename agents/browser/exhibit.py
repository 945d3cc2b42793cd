"""What is looked at, and who answers for it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the browser made. `wanted_as` is its `Sec-Fetch-Dest`: "iframe", "script", "" …"""

    url: str
    method: str
    wanted_as: str
    is_navigation: bool
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A page at its real addresses, none of which is ever connected to."""

    app: str  # origin of the page that shows it
    url: str  # what the frame shows
    origins: tuple[str, ...]  # beginnings of the addresses that `fetch` answers for
    fetch: Callable[[Asked], Awaitable[Answer]]

    def owns(self, url: str) -> bool:
        return url.startswith(self.origins)
