"""To go on from a moment of a film: a run of one's own that begins with the very words written until then."""

from django.db import transaction

from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.gateway.services import choose
from playground.protocol import EditDelta, FileDelta, TextDelta
from playground.runs.footage import Footage
from playground.runs.models import Conversation, Run
from playground.runs.services import continue_version, enter

_WRITTEN = (TextDelta, FileDelta, EditDelta)


def is_whole(footage: Footage, seq: int) -> bool:
    """Whether nothing more was written after frame `seq`."""
    return not any(isinstance(frame.event, _WRITTEN) for frame in footage.film.frames[seq:])


def create_branch(*, user: User, address: str, footage: Footage, seq: int, model: int | str | None) -> Run:
    """In a conversation of its own. Of the film's own run it takes nothing but its public prompt and words.

    Raises PlaygroundError.
    """
    chosen = choose(user, model)
    with transaction.atomic():
        run = Run(
            conversation=begin_conversation(user, footage),
            author=user,
            branch_of=footage.version,
            beginning=footage.words_until(seq),
            prompt=footage.version.prompt,
            model=chosen,
            model_name=chosen.name,
        )
        enter(run, user, address)
    return run


def begin_conversation(user: User, footage: Footage) -> Conversation:
    """It goes on from what the film began with. Within a transaction."""
    title = title_of(footage.version)
    if footage.base:
        return continue_version(user, footage.base, title)
    return Conversation.objects.create(owner=user, title=title)


def title_of(version: Version) -> str:
    return " ".join(version.prompt.split())[:120] or version.artifact.title[:120]
