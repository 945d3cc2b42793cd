"""Sharing a conversation live."""

from typing import Literal

from django.utils.translation import gettext as _
from ninja import Router, Status

from playground import protocol
from playground.accounts.api_auth import ApiRequest
from playground.accounts.services import ensure_user
from playground.errors import PlaygroundError
from playground.runs import sharing
from playground.runs.api import find_conversation, own_conversation
from playground.runs.models import Conversation
from playground.runs.presenting import conversation_detail, conversation_list

router = Router(tags=["sharing"])

LinkRole = Literal["viewer", "writer"]


@router.get("/conversations/{conversation_id}/links", response=protocol.SharingInfo)
def get_links(request: ApiRequest, conversation_id: str) -> protocol.SharingInfo:
    """The owner's alone, as is turning them on and off."""
    return sharing.sharing_info(own_conversation(request, conversation_id))


@router.put("/conversations/{conversation_id}/links/{role}", response=protocol.SharingInfo)
def open_link(request: ApiRequest, conversation_id: str, role: LinkRole) -> protocol.SharingInfo:
    """Turn the link on. One that is on stays as it is."""
    conversation = own_conversation(request, conversation_id)
    sharing.open_link(conversation, protocol.Role(role))
    return sharing.sharing_info(conversation)


@router.delete("/conversations/{conversation_id}/links/{role}", response=protocol.SharingInfo)
def close_link(request: ApiRequest, conversation_id: str, role: LinkRole) -> protocol.SharingInfo:
    """Turn the link off: whoever came by it is a stranger again, at once."""
    conversation = own_conversation(request, conversation_id)
    sharing.close_link(conversation, protocol.Role(role))
    return sharing.sharing_info(conversation)


@router.get("/shared", response=list[protocol.ConversationInfo])
def list_shared(request: ApiRequest) -> list[protocol.ConversationInfo]:
    """The conversations of others that you have joined, the latest first (at most 200)."""
    joined = Conversation.objects.visible_to(request.user.pk).exclude(owner_id=request.user.pk)
    return conversation_list(joined[:200], request.user)


@router.post("/shared/{token}", response=protocol.ConversationDetail)
def join(request: ApiRequest, token: str) -> protocol.ConversationDetail:
    """Open the conversation that the link leads to. A visitor becomes a guest."""
    sharing.find_link(token)  # before there is a guest for nothing
    user = ensure_user(request)
    return conversation_detail(sharing.join(user, token), user)


@router.delete("/conversations/{conversation_id}/membership", response={204: None})
def leave(request: ApiRequest, conversation_id: str) -> Status[None]:
    """Forget a conversation that you have joined."""
    conversation = find_conversation(request, conversation_id)
    if conversation.owner_id == request.user.pk:
        raise PlaygroundError("own", _("This conversation is your own. Delete it instead."), status=400)
    sharing.leave(request.user, conversation)
    return Status(204, None)
