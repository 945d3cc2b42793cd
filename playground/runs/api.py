from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of
from playground.accounts.quotas import check_may_start
from playground.accounts.services import ensure_user
from playground.artifacts.blobs import read_blob
from playground.errors import NotFound, PlaygroundError
from playground.gateway.services import choose, provider_for
from playground.runs import services
from playground.runs.condensing import charge_model, condense_now, undo
from playground.runs.context import measure, next_run
from playground.runs.models import Conversation, ConversationQuerySet, Run
from playground.runs.presenting import SHOWN, conversation_detail, conversation_list, run_info
from playground.runs.sharing import check_may_write
from playground.runs.switchboard import announce

router = Router(tags=["runs"])


class Beginning(Schema):
    """Without `version` the conversation goes on from the latest."""

    artifact: protocol.Words
    version: int | None = Field(default=None, ge=1)


class Rename(Schema):
    title: protocol.Words = Field(min_length=1, max_length=200)


@router.get("/runs/{run_id}", response=protocol.RunInfo)
def get_run(request: ApiRequest, run_id: str) -> protocol.RunInfo:
    return run_info(_run(request, run_id))


@router.post("/runs/{run_id}/cancel", response={202: protocol.RunInfo})
async def cancel_run(request: ApiRequest, run_id: str) -> Status[protocol.RunInfo]:
    """Ask for the run to stop; what was received is kept. One that waits (`queued`) is taken back, by who asked for it
    or the conversation's owner.
    """
    run = await sync_to_async(_stoppable_run)(request, run_id)
    await services.cancel(run)
    return Status(202, await sync_to_async(run_info)(run))


@router.get("/runs/{run_id}/context", response=protocol.ContextInfo)
def get_context(request: ApiRequest, run_id: str, model: str | None = None) -> protocol.ContextInfo:
    """How much of the model's window a wish that follows this run would use."""
    return measure(_run(request, run_id), choose(request.user, model))


@router.put("/runs/{run_id}/condensation", response=protocol.RunInfo)
async def condense_before(request: ApiRequest, run_id: str, model: str | None = None) -> protocol.RunInfo:
    """Have all but the last exchange up to this run summarised. Answers with the run that the summary ends with."""
    run = await sync_to_async(_writable_run)(request, run_id)
    await sync_to_async(check_may_start)(request.user, address_of(request))
    chosen = await sync_to_async(choose)(request.user, model)
    condensation, usages = await condense_now(next_run(run, chosen), provider_for(chosen))
    await sync_to_async(charge_model)(request.user, address_of(request), chosen, usages)
    await sync_to_async(announce)(run.conversation_id)
    return await sync_to_async(lambda: run_info(_run(request, condensation.upto_id)))()


@router.delete("/runs/{run_id}/condensation", response=protocol.RunInfo)
def undo_condensation(request: ApiRequest, run_id: str) -> protocol.RunInfo:
    """Tell the model the beginning in full again, as long as it fits."""
    run = _writable_run(request, run_id)
    undo(run)
    announce(run.conversation_id)
    return run_info(_run(request, run_id))


@router.get("/runs/{run_id}/images/{number}", url_name="run_image", include_in_schema=False)
def run_image(request: ApiRequest, run_id: str, number: int) -> HttpResponse:
    images = _run(request, run_id).images
    if not 0 <= number < len(images):
        raise NotFound("image_not_found", _("This image does not exist."))
    image = images[number]
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(read_blob(image["blob"]), content_type=image["mime"], headers=headers)


@router.get("/conversations", response=list[protocol.ConversationInfo])
def list_conversations(request: ApiRequest) -> list[protocol.ConversationInfo]:
    """Your conversations, the latest first (at most 500). Those that you have joined: `/shared`."""
    return conversation_list(_own_conversations(request)[:500], request.user)


@router.post("/conversations", response={201: protocol.ConversationDetail})
def begin_conversation(request: ApiRequest, body: Beginning) -> Status[protocol.ConversationDetail]:
    """A conversation that goes on from a version; from a remix of it, if it is somebody else's."""
    user = ensure_user(request)
    return Status(201, conversation_detail(services.continue_from(user, body.artifact, body.version), user))


@router.get("/conversations/{conversation_id}", response=protocol.ConversationDetail)
def get_conversation(request: ApiRequest, conversation_id: str) -> protocol.ConversationDetail:
    return conversation_detail(find_conversation(request, conversation_id), request.user)


@router.patch("/conversations/{conversation_id}", response=protocol.ConversationDetail)
def rename_conversation(request: ApiRequest, conversation_id: str, body: Rename) -> protocol.ConversationDetail:
    conversation = own_conversation(request, conversation_id)
    conversation.title = body.title
    conversation.save(update_fields=["title"])
    announce(conversation.pk)
    return conversation_detail(conversation, request.user)


@router.delete("/conversations/{conversation_id}", response={204: None})
async def delete_conversation(request: ApiRequest, conversation_id: str) -> Status[None]:
    """Delete the conversation and its runs. The artifact and its permalink stay."""
    conversation = await sync_to_async(own_conversation)(request, conversation_id)
    async for run in Run.objects.open().filter(conversation=conversation):
        await services.cancel(run)
    await conversation.adelete()
    await sync_to_async(announce)(conversation_id)
    return Status(204, None)


def _run(request: ApiRequest, run_id: str) -> Run:
    run = Run.objects.visible_to(request.user.pk).select_related(*SHOWN).filter(pk=run_id).first()
    if run is None:
        raise NotFound("run_not_found", _("This run does not exist."))
    return run


def _writable_run(request: ApiRequest, run_id: str) -> Run:
    run = _run(request, run_id)
    check_may_write(request.user, run.conversation)
    return run


def _stoppable_run(request: ApiRequest, run_id: str) -> Run:
    run = _writable_run(request, run_id)
    if run.status == protocol.RunStatus.QUEUED and request.user.pk not in (run.author_id, run.conversation.owner_id):
        raise PlaygroundError("not_yours", _("Only who asked for it, or the owner, takes a wish back."), status=403)
    return run


def _own_conversations(request: ApiRequest) -> ConversationQuerySet:
    return Conversation.objects.filter(owner_id=request.user.pk)


def find_conversation(request: ApiRequest, conversation_id: str) -> Conversation:
    """One that this person may see."""
    return _found(Conversation.objects.visible_to(request.user.pk), conversation_id)


def own_conversation(request: ApiRequest, conversation_id: str) -> Conversation:
    return _found(_own_conversations(request), conversation_id)


def _found(among: ConversationQuerySet, conversation_id: str) -> Conversation:
    conversation = among.select_related("owner", "base__artifact").filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound("conversation_not_found", _("This conversation does not exist."))
    return conversation
