"""To go on from a moment of a film: a run of one's own that begins with the very words written until then."""

from django.db import transaction

from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.gateway.services import choose
from playground.protocol import EditDelta, FileDelta, TextDelta
from playground.runs.making import Making
from playground.runs.models import Conversation, Run
from playground.runs.services import continue_version, enter

_WRITTEN = (TextDelta, FileDelta, EditDelta)


def is_whole(making: Making, seq: int) -> bool:
    """Whether nothing more was written after frame `seq`."""
    return not any(isinstance(frame.event, _WRITTEN) for frame in making.film.frames[seq:])


def create_branch(*, user: User, address: str, making: Making, seq: int, model: int | str | None) -> Run:
    """In a conversation of its own. Of the film's own run it takes nothing but its public prompt and words.

    Raises PlaygroundError.
    """
    chosen = choose(user, model)
    with transaction.atomic():
        run = Run(
            conversation=begin_conversation(user, making),
            author=user,
            branch_of=making.version,
            beginning=making.words_until(seq),
            prompt=making.version.prompt,
            model=chosen,
            model_name=chosen.name,
        )
        enter(run, user, address)
    return run


def begin_conversation(user: User, making: Making) -> Conversation:
    """It goes on from what the making went on from. Within a transaction."""
    title = title_of(making.version)
    if making.base:
        return continue_version(user, making.base, title)
    return Conversation.objects.create(owner=user, title=title)


def title_of(version: Version) -> str:
    return " ".join(version.prompt.split())[:120] or version.artifact.title[:120]
