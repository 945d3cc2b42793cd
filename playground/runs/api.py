from asgiref.sync import sync_to_async
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from playground import protocol
from playground.accounts.api_auth import ApiRequest, address_of
from playground.accounts.quotas import check_may_start
from playground.accounts.services import ensure_user
from playground.artifacts.blobs import read_blob
from playground.errors import NotFound
from playground.gateway.services import choose, provider_for
from playground.runs import services
from playground.runs.condensing import charge_summary, condense_now, undo
from playground.runs.context import measure, next_run
from playground.runs.models import Conversation, Run
from playground.runs.presenting import SHOWN, conversation_detail, conversation_info, run_info

router = Router(tags=["runs"])


class Beginning(Schema):
    """Without `version` the conversation goes on from the latest."""

    artifact: protocol.Words
    version: int | None = Field(default=None, ge=1)


class Rename(Schema):
    title: protocol.Words = Field(min_length=1, max_length=200)


@router.post("/runs", response={202: protocol.RunInfo})
async def start_run(request: ApiRequest, body: protocol.RunRequest) -> Status[protocol.RunInfo]:
    """Start a run. A visitor without an account becomes a guest with the first one."""
    user = await sync_to_async(ensure_user)(request)
    run = await services.start(user=user, address=address_of(request), request=body)
    return Status(202, await sync_to_async(run_info)(run))


@router.get("/runs/{run_id}", response=protocol.RunInfo)
def get_run(request: ApiRequest, run_id: str) -> protocol.RunInfo:
    return run_info(_own_run(request, run_id))


@router.post("/runs/{run_id}/cancel", response={202: protocol.RunInfo})
async def cancel_run(request: ApiRequest, run_id: str) -> Status[protocol.RunInfo]:
    """Ask for the run to stop. What was received is kept."""
    run = await sync_to_async(_own_run)(request, run_id)
    await services.cancel(run)
    return Status(202, await sync_to_async(run_info)(run))


@router.get("/runs/{run_id}/context", response=protocol.ContextInfo)
def get_context(request: ApiRequest, run_id: str, model: str | None = None) -> protocol.ContextInfo:
    """How much of the model's window a wish that follows this run would use."""
    return measure(_own_run(request, run_id), choose(request.user, model))


@router.put("/runs/{run_id}/condensation", response=protocol.RunInfo)
async def condense_before(request: ApiRequest, run_id: str, model: str | None = None) -> protocol.RunInfo:
    """Have all but the last exchange up to this run summarised. Answers with the run that the summary ends with."""
    run = await sync_to_async(_own_run)(request, run_id)
    await sync_to_async(check_may_start)(request.user, address_of(request))
    chosen = await sync_to_async(choose)(request.user, model)
    condensation, usages = await condense_now(next_run(run, chosen), provider_for(chosen))
    await sync_to_async(charge_summary)(request.user, address_of(request), chosen, usages)
    return await sync_to_async(lambda: run_info(_own_run(request, condensation.upto_id)))()


@router.delete("/runs/{run_id}/condensation", response=protocol.RunInfo)
def undo_condensation(request: ApiRequest, run_id: str) -> protocol.RunInfo:
    """Tell the model the beginning in full again, as long as it fits."""
    undo(_own_run(request, run_id))
    return run_info(_own_run(request, run_id))


@router.get("/runs/{run_id}/images/{number}", url_name="run_image", include_in_schema=False)
def run_image(request: ApiRequest, run_id: str, number: int) -> HttpResponse:
    images = _own_run(request, run_id).images
    if not 0 <= number < len(images):
        raise NotFound("image_not_found", _("This image does not exist."))
    image = images[number]
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(read_blob(image["blob"]), content_type=image["mime"], headers=headers)


@router.get("/conversations", response=list[protocol.ConversationInfo])
def list_conversations(request: ApiRequest) -> list[protocol.ConversationInfo]:
    """Your conversations, the latest first (at most 500)."""
    open_runs = Run.objects.open().filter(conversation=OuterRef("pk"))
    conversations = _own_conversations(request).annotate(has_open_run=Exists(open_runs))[:500]
    return [conversation_info(item, is_running=item.has_open_run) for item in conversations]


@router.post("/conversations", response={201: protocol.ConversationDetail})
def begin_conversation(request: ApiRequest, body: Beginning) -> Status[protocol.ConversationDetail]:
    """A conversation that goes on from a version; from a remix of it, if it is somebody else's."""
    user = ensure_user(request)
    return Status(201, conversation_detail(services.continue_from(user, body.artifact, body.version)))


@router.get("/conversations/{conversation_id}", response=protocol.ConversationDetail)
def get_conversation(request: ApiRequest, conversation_id: str) -> protocol.ConversationDetail:
    return conversation_detail(_own_conversation(request, conversation_id))


@router.patch("/conversations/{conversation_id}", response=protocol.ConversationDetail)
def rename_conversation(request: ApiRequest, conversation_id: str, body: Rename) -> protocol.ConversationDetail:
    conversation = _own_conversation(request, conversation_id)
    conversation.title = body.title
    conversation.save(update_fields=["title"])
    return conversation_detail(conversation)


@router.delete("/conversations/{conversation_id}", response={204: None})
async def delete_conversation(request: ApiRequest, conversation_id: str) -> Status[None]:
    """Delete the conversation and its runs. The artifact and its permalink stay."""
    conversation = await sync_to_async(_own_conversation)(request, conversation_id)
    async for run in Run.objects.open().filter(conversation=conversation):
        await services.cancel(run)
    await conversation.adelete()
    return Status(204, None)


def _own_run(request: ApiRequest, run_id: str) -> Run:
    runs = Run.objects.select_related(*SHOWN)
    run = runs.of_owner(request.user.pk).filter(pk=run_id).first() if request.user.pk else None
    if run is None:
        raise NotFound("run_not_found", _("This run does not exist."))
    return run


def _own_conversations(request: ApiRequest):  # type: ignore[no-untyped-def]  # an annotated queryset
    return Conversation.objects.filter(owner_id=request.user.pk).select_related("base__artifact")


def _own_conversation(request: ApiRequest, conversation_id: str) -> Conversation:
    conversation = _own_conversations(request).filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound("conversation_not_found", _("This conversation does not exist."))
    assert isinstance(conversation, Conversation)
    return conversation
