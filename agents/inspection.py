"""How a build looks at what it has made."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from agents.browser.judging import Gate, Outcome, Verdict, judge
from agents.browser.measurements import Measurements, Problem, Response, Value
from agents.browser.pictures import Pictures

type Files = Mapping[str, bytes]  # contents by path


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


class Act(Value):
    """Something that a person does to the page. `target` is a CSS selector, the text on a control, or `x,y`."""

    do: Literal["click", "double_click", "press", "hold", "type", "drag", "wheel", "wait"]
    target: str = ""
    value: str = ""  # the key, the text to type, or where a drag ends
    ms: int = 0  # how long a key is held, or what "wait" lets pass


class Reaction(Value):
    """What one act did. `response` is None where the page without it looks the same."""

    act: Act
    response: Response | None = None
    trouble: str = ""  # why it could not be done


class Encounter(Value):
    reactions: tuple[Reaction, ...]
    problems: tuple[Problem, ...] = ()
    text: str = ""


class Inspector(Protocol):
    """Shows files in a browser as the product does."""

    isolation: str

    async def check(self, files: Files) -> tuple[Measurements, Pictures]:
        """Raises Unseen."""
        ...

    async def interact(self, files: Files, acts: Sequence[Act]) -> tuple[Encounter, bytes]:
        """With a picture of the end, WebP. Raises Unseen."""
        ...


class Unseen(Exception):
    """The browser did not do its part. Says why."""
