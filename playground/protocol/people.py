"""Who is in a conversation, and as what."""

from enum import StrEnum

from playground.protocol.schema import Schema


class Role(StrEnum):
    """What somebody is in a conversation. A writer's wishes and stops count as the owner's do; a viewer looks on."""

    OWNER = "owner"
    WRITER = "writer"
    VIEWER = "viewer"

    @property
    def may_write(self) -> bool:
        return self is not Role.VIEWER


class Person(Schema):
    """Somebody in a conversation. `key` tells people apart within it, and says nothing elsewhere."""

    key: str
    name: str  # empty for a guest


class Participant(Person):
    """Somebody who has the conversation open."""

    role: Role


class SharingInfo(Schema):
    """Where others come in: an address for each role whose link is on."""

    viewer: str | None
    writer: str | None
