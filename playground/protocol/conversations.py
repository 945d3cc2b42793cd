"""Conversations, and how they stand now."""

from datetime import datetime
from typing import Literal

from playground.protocol.events import Frame, VersionRef
from playground.protocol.people import Participant, Role
from playground.protocol.races import RaceInfo
from playground.protocol.runs import RunInfo
from playground.protocol.schema import Schema
from playground.protocol.socket import Refused


class ConversationNews(Schema):
    """Server: how the conversation stands now. A whole state, not a change: of several, the last one counts.

    `runs` are those that are written or wait, in order; `begun` counts all that have ever begun. `changed` is another
    text when something else has changed that `GET /api/conversations/{id}` tells: a vote, an edit, a summary.
    """

    type: Literal["conversation.news"] = "conversation.news"
    conversation: str
    stamp: str
    title: str
    role: Role
    is_shared: bool  # some link is on
    people: list[Participant]
    runs: list[RunInfo]
    begun: int
    changed: str


class Batch(Schema):
    """A long poll's answer. On the websocket: frames that came together."""

    frames: list[Frame]
    news: list[ConversationNews]
    refused: list[Refused]


class ConversationInfo(Schema):
    """`role`: what the reader is in it. `me`: the reader's own key among its people. `owner`: the owner's name."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    artifact: str | None
    is_running: bool
    role: Role
    me: str
    owner: str


class EditedVersion(VersionRef):
    """A version that a person made, by editing or restoring, in place of the one before it."""

    before: int


class ConversationDetail(ConversationInfo):
    """A conversation and all of its runs, oldest first; the runs form a tree through `parent`."""

    runs: list[RunInfo]
    races: list[RaceInfo]
    edits: list[EditedVersion]  # of the conversation's artifact
    base: VersionRef | None  # the version that the first wish goes on from (a remix), if any
