"""The verbs of runs that cross a boundary. Views, consumers and tasks call these, and nothing else calls `generate`."""

import base64
import re
from collections.abc import Sequence

from channels.db import database_sync_to_async
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from playground import background
from playground.accounts.charges import open_charge
from playground.accounts.models import User
from playground.accounts.quotas import check_may_start
from playground.artifacts.blobs import put_blob
from playground.artifacts.models import Artifact, Version
from playground.artifacts.services import remix_version
from playground.errors import BadInput, NotFound, PlaygroundError
from playground.gateway.models import Model
from playground.gateway.services import choose
from playground.protocol import RunRequest, RunStatus, Wish
from playground.runs import log
from playground.runs.checkpoints import load_answer
from playground.runs.handover import handover
from playground.runs.leases import lease
from playground.runs.models import CHAT, Conversation, Run, StoredImage
from playground.runs.prompting import base_version, choose_base
from playground.runs.queue import carry, check_room, find_parent, go_on, is_busy, lock, open_log, take_back
from playground.runs.sharing import check_may_write
from playground.runs.signals import cancel_wanted
from playground.runs.switchboard import announce

MAX_IMAGE_BYTES = 8 * 1024 * 1024

_IMAGE = re.compile(r"data:(image/(?:png|jpeg|webp|gif));base64,([A-Za-z0-9+/=\s]+)")
_MAGIC = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF", "image/gif": b"GIF8"}


async def start(*, user: User, address: str, request: RunRequest) -> Run:
    """Create the run and set its generation going, or let it wait where an answer is being written.

    Returns as soon as its log has begun, or its place in the queue is kept. Raises PlaygroundError.
    """
    check_not_draining()
    return await set_going(await database_sync_to_async(create_run)(user=user, address=address, request=request))


def check_not_draining() -> None:
    if handover.is_draining:
        raise PlaygroundError("restarting", _("The server is being restarted. Try again in a moment."), status=503)


async def set_going(run: Run) -> Run:
    """A run that has just been entered."""
    if run.status == RunStatus.RUNNING:
        await begin(run)
    else:  # what it waits for may have come to its end in this very moment
        background.spawn(go_on(run.conversation_id), name=f"queue of {run.conversation_id}")
    return run


async def begin(run: Run) -> None:
    """Begin the log and set the generation going."""
    writer = await open_log(run)
    background.spawn(carry(run, writer), name=f"run {run.pk}")


def create_run(*, user: User, address: str, request: RunRequest) -> Run:
    cut = _find_cut(user, request.continues) if request.continues else None
    model = choose(user, cut.model_id if cut and request.model is None else request.model)
    images = cut.images if cut else store_images(request.images)
    check_vision(images, [model])
    with transaction.atomic():
        conversation, parent = (cut.conversation, cut.parent) if cut else find_place(user, request)
        run = Run(
            conversation=conversation,
            author=user,
            parent=parent,
            follows=request.follows and cut is None,
            continues=cut,
            kind=request.kind,
            prompt=cut.prompt if cut else request.prompt,
            images=images,
            places=cut.places if cut else [place.model_dump() for place in request.places],
            model=model,
            model_name=model.name,
            sampling=request.sampling.model_dump(exclude_none=True),
        )
        enter(run, user, address)
    return run


def enter(run: Run, user: User, address: str) -> None:
    """Save a new run, which begins now or waits for its turn. Within a transaction. Raises PlaygroundError."""
    conversation = run.conversation
    lock(user, conversation)
    waits = is_busy(conversation)
    check_room(user, waits=waits)
    check_may_start(user, address)
    run.status = RunStatus.QUEUED if waits else RunStatus.RUNNING
    run.lease_until = None if waits else lease()
    if not waits:
        run.parent = find_parent(run)
    run.base = base_version(run.continues) if run.continues else choose_base(conversation, run.parent)
    run.save()
    conversation.save(update_fields=["updated_at"])
    announce(conversation.pk)
    open_charge(user=user, address=address, run=run.pk, kind=run.kind, model=run.model_name)


async def cancel(run: Run) -> None:
    """Take back a wish that waits; of one that is answered, ask the producer, wherever it runs, to stop.

    Harmless on a run that is over.
    """
    if await database_sync_to_async(take_back)(run):
        run.status = RunStatus.CANCELLED
        return
    asked = Run.objects.open().filter(pk=run.pk)
    if await asked.aupdate(cancel_requested_at=timezone.now()):
        await cancel_wanted.asend(sender=Run, run=run)
        try:
            await log.request_cancel(run.pk)
        except log.RedisError:
            return  # the producer falls back to the database


def _find_cut(user: User, run_id: str) -> Run:
    """The run that a person wants to go on: it is over, and something of it was received."""
    runs = Run.objects.visible_to(user.pk).select_related("conversation", "parent", "race")
    run = runs.filter(pk=run_id).first()
    if run is None:
        raise NotFound("run_not_found", _("This answer does not exist."))
    check_may_write(user, run.conversation)
    if run.is_veiled:  # the new run would show whose answer it is
        raise BadInput("vote_first", _("Vote first: as long as nobody has, this answer is without a name."))
    if not run.is_over or run.kind != CHAT or not load_answer(run.pk).strip():
        raise BadInput("nothing_to_continue", _("There is nothing of this answer to go on from."))
    return run


def find_place(user: User, request: Wish) -> tuple[Conversation, Run | None]:
    """The conversation and the run that the new run belongs under."""
    if request.parent:
        parent = Run.objects.visible_to(user.pk).select_related("conversation").filter(pk=request.parent).first()
        if parent is None or request.conversation not in (None, parent.conversation_id):
            raise NotFound("run_not_found", _("The answer that this wish follows does not exist."))
        check_may_write(user, parent.conversation)
        if parent.status == RunStatus.QUEUED:
            raise BadInput("parent_waits", _("The wish before this one still waits. Leave it out, and say “follows”."))
        if parent.race_id and not parent.version_id:
            raise BadInput("not_kept", _("Keep this answer of the race first, and then go on from it."))
        return parent.conversation, parent
    if request.conversation:
        return _open_conversation(user, request.conversation), None
    return _begin_conversation(user, request), None


def _open_conversation(user: User, conversation_id: str) -> Conversation:
    conversation = Conversation.objects.visible_to(user.pk).filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound("conversation_not_found", _("This conversation does not exist."))
    check_may_write(user, conversation)
    return conversation


def _begin_conversation(user: User, request: Wish) -> Conversation:
    title = " ".join(request.prompt.split())[:120]
    if not request.artifact:
        return Conversation.objects.create(owner=user, title=title)
    return continue_from(user, request.artifact, request.version, title)


def continue_from(user: User, artifact_id: str, number: int | None, title: str = "") -> Conversation:
    """A conversation that goes on from that version of the artifact; without a number, from the latest."""
    artifact = Artifact.objects.visible_to(user).filter(pk=artifact_id).first()
    if artifact is None:
        raise NotFound("artifact_not_found", _("This artifact does not exist."))
    version = artifact.versions.select_related("artifact").filter(number=number).first() if number else artifact.latest
    if version is None:
        raise NotFound("version_not_found", _("This version does not exist."))
    return continue_version(user, version, title)


def continue_version(user: User, version: Version, title: str = "") -> Conversation:
    """A conversation that goes on from `version`; from a remix of it, if it is somebody else's."""
    if version.artifact.owner_id != user.pk:
        version = remix_version(version=version, owner=user)
    title = title or version.artifact.title[:120]
    return Conversation.objects.create(owner=user, title=title, artifact=version.artifact, base=version)


def check_vision(images: Sequence[StoredImage], models: Sequence[Model]) -> None:
    blind = next((model for model in models if not model.sees_images), None)
    if images and blind:
        raise BadInput("no_vision", _("%(model)s cannot see images. Choose a model that can.") % {"model": blind.name})


def store_images(urls: Sequence[str]) -> list[StoredImage]:
    return [_store_image(url) for url in urls]


def _store_image(url: str) -> StoredImage:
    """Check a `data:` URL by its content, not by what it says, and store it."""
    match = _IMAGE.fullmatch(url)
    if match is None:
        raise BadInput("bad_image", _("Images are sent as PNG, JPEG, WebP or GIF."))
    try:
        content = base64.b64decode(match[2], validate=False)
    except ValueError:
        content = b""
    if not content.startswith(_MAGIC[match[1]]):
        raise BadInput("bad_image", _("Images are sent as PNG, JPEG, WebP or GIF."))
    if len(content) > MAX_IMAGE_BYTES:
        raise BadInput("image_too_large", _("An image may have at most 8 MB."))
    return {"blob": put_blob(content), "mime": match[1]}
