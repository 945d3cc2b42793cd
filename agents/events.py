"""What happens in a build, in order: its journal.

A journal is enough to go on from: `agents.state` is made of it alone, so what is not in it did not happen.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from agents.browser.measurements import Value
from agents.inspection import Report
from agents.task import Item as Item
from agents.task import Task


class Call(Value):
    """A tool call of an answer. `trouble` says why it cannot run: no JSON, or cut off; its arguments are then empty."""

    id: str
    name: str
    arguments: dict[str, Any]
    trouble: str = ""


class Tokens(Value):
    input: int
    output: int
    is_estimate: bool = False


class Wrapping(Value):
    """What the model says of the result, when it finishes."""

    title: str
    summary: str
    entry: str = "index.html"
    controls: tuple[str, ...] = ()
    known_issues: tuple[str, ...] = ()


class Began(Value):
    """The first event. `version` is that of this schema."""

    type: Literal["began"] = "began"
    version: Literal[1] = 1
    task: Task


class Resumed(Value):
    """Somebody has taken over. `abandoned` names what was going on, and is done again; empty between two steps."""

    type: Literal["resumed"] = "resumed"
    abandoned: str = ""


class Asked(Value):
    """The model is about to be asked. `step` counts its answers."""

    type: Literal["model.asked"] = "model.asked"
    step: int
    tokens: int  # estimated


class Refused(Value):
    """The model gave no answer. Where it is asked again, `wait` is after how many seconds."""

    type: Literal["model.refused"] = "model.refused"
    step: int
    code: str
    message: str
    wait: float | None
    seconds: float


class Answered(Value):
    type: Literal["model.answered"] = "model.answered"
    step: int
    text: str
    reasoning: str
    calls: tuple[Call, ...]
    is_cut: bool  # at the output limit, or by us
    tokens: Tokens
    cost: float | None
    seconds: float


class Called(Value):
    """A tool is about to run. Without an id it is the build's own check at the end."""

    type: Literal["tool.called"] = "tool.called"
    step: int
    id: str
    name: str


class Returned(Value):
    """A tool has run. `text` is for the model, `summary` for a person. `changes`: SHA-256 by path, None for deleted."""

    type: Literal["tool.returned"] = "tool.returned"
    step: int
    id: str
    name: str
    is_ok: bool
    text: str
    summary: str
    changes: dict[str, str | None] = {}
    plan: tuple[Item, ...] | None = None
    wrapping: Wrapping | None = None
    picture: str = ""  # SHA-256
    seconds: float = 0.0


class Checked(Value):
    """The page was opened in a browser, as its files were then."""

    type: Literal["checked"] = "checked"
    report: Report
    seconds: float


class FixWanted(Value):
    """The build wanted to be over, but a gate fails. `text` is what the model is told."""

    type: Literal["fix.wanted"] = "fix.wanted"
    gate: str
    round: int
    text: str


class Restored(Value):
    """The best files so far are back: what came after was worse."""

    type: Literal["restored"] = "restored"
    changes: dict[str, str | None]


class Recorded(Value):
    """An engine of its own stands between two steps, or has ended its turn. Then it says so in `wrapping`.

    `session` names its conversation, and `record` is the SHA-256 of what it goes on from, empty where that is
    lost. `changes` are those of files after its last tool.
    """

    type: Literal["recorded"] = "recorded"
    session: str
    record: str
    changes: dict[str, str | None] = {}
    wrapping: Wrapping | None = None


class Warned(Value):
    """The model is told that something is amiss. `rule` is the machine's name of it."""

    type: Literal["warned"] = "warned"
    rule: str
    text: str


class Condensed(Value):
    """The beginning of the conversation, `messages` of it, is told as an outline from now on.

    `steps` are the lines of it that tell what happened, from the very beginning.
    """

    type: Literal["condensed"] = "condensed"
    messages: int
    steps: tuple[str, ...]
    outline: str


class Steered(Value):
    """A person has written meanwhile. `id` is the host's, so that nothing is told twice."""

    type: Literal["steered"] = "steered"
    id: str
    text: str


class Paused(Value):
    """Nobody works on it until it is taken up again. "model": it cannot be reached; "turn": others wait."""

    type: Literal["paused"] = "paused"
    reason: Literal["model", "turn"]
    message: str = ""
    wait: float | None = None  # seconds, where the model's server says so


type Outcome = Literal["done", "partial", "failed", "cancelled"]


class Finished(Value):
    """The last event. `files` are to be published, unless there are none.

    "done": every gate is green, or nothing could look. "partial": the best there is, for the reason given by `code` and
    `message`. "failed": nothing worth keeping. "cancelled": a person wants it no more; `files` is what was there.
    """

    type: Literal["finished"] = "finished"
    outcome: Outcome
    code: str
    message: str
    files: dict[str, str]
    wrapping: Wrapping | None = None
    report: Report | None = None


type Event = (
    Began
    | Resumed
    | Asked
    | Refused
    | Answered
    | Called
    | Returned
    | Checked
    | FixWanted
    | Restored
    | Recorded
    | Warned
    | Condensed
    | Steered
    | Paused
    | Finished
)
type End = Paused | Finished

_EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])


def read_event(json: str | bytes) -> Event:
    """The counterpart of `event.model_dump_json()`."""
    return _EVENTS.validate_json(json)
