"""What goes over the websocket beside frames and news."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from playground.protocol.schema import Problem, Schema, Words


class Follow(Schema):
    """Client: send me every frame of `run` with `seq > after`, then go on live.

    `tells`: I say `run.seen` at least once for every 256 kB of messages; do not send more than I can take.
    """

    type: Literal["run.follow"] = "run.follow"
    run: Words
    after: int = Field(default=0, ge=0)
    tells: bool = False


class Seen(Schema):
    """Client: all frames of `run` up to `seq` have arrived."""

    type: Literal["run.seen"] = "run.seen"
    run: Words
    seq: int = Field(ge=0)


class Unfollow(Schema):
    type: Literal["run.unfollow"] = "run.unfollow"
    run: str


class Ping(Schema):
    """Client: are you still there? It keeps proxies from closing a silent connection, and finds dead ones."""

    type: Literal["ping"] = "ping"


class Watch(Schema):
    """Client: send me what is new in this conversation (one at a time), and count me among its people.

    `stamp` is that of the last news that came; the first news comes at once, unless it is the same.
    """

    type: Literal["conversation.watch"] = "conversation.watch"
    conversation: Words
    stamp: Words = ""


class Unwatch(Schema):
    type: Literal["conversation.unwatch"] = "conversation.unwatch"


type ClientMessage = Annotated[Follow | Seen | Unfollow | Watch | Unwatch | Ping, Field(discriminator="type")]


client_message: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


class Refused(Schema):
    """Server: a client message was not accepted, or what was followed or watched may no longer be seen.

    `run` and `conversation` are both null when the message could not even be read.
    """

    type: Literal["refused"] = "refused"
    run: str | None
    conversation: str | None = None
    error: Problem


class Pong(Schema):
    """Server: the answer to a ping."""

    type: Literal["pong"] = "pong"
