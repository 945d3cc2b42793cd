"""What the workbench page needs at its start."""

from typing import Literal

from playground.protocol.conversations import ConversationDetail
from playground.protocol.schema import Schema


class ModelInfo(Schema):
    """A model that this person may choose."""

    id: int
    name: str
    model_id: str  # what the endpoint is asked for
    endpoint: str
    is_default: bool
    is_demo: bool  # the Demo reel: clips written by hand, no model is running
    sees_images: bool
    context_window: int  # tokens
    output_limit: int  # tokens
    price_input: float | None  # per million tokens
    price_output: float | None


class UserInfo(Schema):
    name: str  # e-mail address, or empty for a guest
    is_guest: bool
    is_staff: bool


class DemoInfo(Schema):
    """A clip of the Demo reel, offered as a wish to start from."""

    slug: str
    title: str
    prompt: str
    url: str | None  # permalink of the finished page


class Bootstrap(Schema):
    """What the workbench page needs at its start; the page carries it as JSON."""

    user: UserInfo | None  # None before the first wish of a guest
    models: list[ModelInfo]
    demos: list[DemoInfo]
    conversation: ConversationDetail | None
    default_system_prompt: str
    language: str
    languages: dict[str, str]  # code -> its own name
    network: Literal["owners", "listed", "nobody"]  # who may allow pages to reach other hosts
    network_hosts: list[str]  # with "listed": the hosts that owners may choose from
    heartbeat: int  # seconds: a connection is not silent for longer
    join: str | None  # the token of the shared conversation that the page was opened with
    wish: str  # to be filled in, and not sent: the address that was followed may be anybody's
