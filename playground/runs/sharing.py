"""Who may do what in a conversation. The owner turns links on and off; whoever opens one has its role while it is on.

Everybody in it sees its answers, their pages and what waits. Writers ask, stop, race, vote, keep and condense as the
owner does, and pay for what they ask. Only the owner renames, deletes, shares, edits by hand and restores versions.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.errors import NotFound, PlaygroundError
from playground.protocol import Role, SharingInfo
from playground.runs.models import Conversation, Membership, ShareLink
from playground.runs.queue import drop_strangers
from playground.runs.switchboard import announce


def roles_in(conversation: Conversation) -> dict[int, Role]:
    """Everybody who may see it, by the person's id: nobody who is banned."""
    joined = Membership.objects.filter(link__conversation=conversation).values_list("user_id", "link__role")
    roles = _highest(joined) | {conversation.owner_id: Role.OWNER}
    known = User.objects.filter(pk__in=roles, is_active=True).values_list("pk", flat=True)
    return {user: roles[user] for user in known}


def roles_of(user_id: int) -> dict[str, Role]:
    """In the conversations of others, by their ids."""
    joined = Membership.objects.filter(user_id=user_id).values_list("link__conversation_id", "link__role")
    return _highest(joined)


def role_of(user_id: int | None, conversation: Conversation) -> Role | None:
    if user_id is None or user_id == conversation.owner_id:
        return Role.OWNER if user_id else None
    roles = Membership.objects.filter(link__conversation=conversation, user_id=user_id).values_list("link__role")
    found = {Role(role) for (role,) in roles}
    return Role.WRITER if Role.WRITER in found else Role.VIEWER if found else None


def _highest[K](joined: Iterable[tuple[K, str]]) -> dict[K, Role]:
    """Who has joined by both links may write."""
    return {key: Role(role) for key, role in sorted(joined, key=lambda each: each[1] == Role.WRITER)}


def check_may_write(user: User, conversation: Conversation) -> None:
    """Of somebody who may see it. Raises PlaygroundError."""
    role = role_of(user.pk, conversation)
    if role is None or not role.may_write:
        raise PlaygroundError(
            "view_only", _("You came by a link for watching. Ask for one to write along."), status=403
        )


def person_key(conversation_id: str, user_id: int) -> str:
    return salted_hmac("playground.person", f"{conversation_id}:{user_id}", algorithm="sha256").hexdigest()[:12]


def person_name(user: User) -> str:
    """Empty for a guest, whom each reader's page names in its own language."""
    return "" if user.is_guest else user.public_name


def sharing_info(conversation: Conversation) -> SharingInfo:
    links = {link.role: public_url(f"/join/{link.token}") for link in conversation.links.all()}
    return SharingInfo(viewer=links.get(Role.VIEWER), writer=links.get(Role.WRITER))


def open_link(conversation: Conversation, role: Role) -> None:
    ShareLink.objects.get_or_create(conversation=conversation, role=role)
    announce(conversation.pk)


def close_link(conversation: Conversation, role: Role) -> None:
    """At once: whoever came by it follows no longer, and what they have waiting is dropped."""
    with transaction.atomic():
        ShareLink.objects.filter(conversation=conversation, role=role).delete()
        _shut_out(conversation)


def join(user: User, token: str) -> Conversation:
    link = find_link(token)
    if link.conversation.owner_id != user.pk:
        Membership.objects.get_or_create(link=link, user=user)
        announce(link.conversation_id)
    return link.conversation


def find_link(token: str) -> ShareLink:
    link = ShareLink.objects.select_related("conversation__base__artifact").filter(pk=token).first()
    if link is None:
        raise NotFound("link_off", _("This link was turned off, or it is not complete. Ask for a new one."))
    return link


def leave(user: User, conversation: Conversation) -> None:
    with transaction.atomic():
        Membership.objects.filter(link__conversation=conversation, user=user).delete()
        _shut_out(conversation)


def shut_out(user: User) -> None:
    """Who has just been banned: what they follow ends at once."""
    for conversation in Conversation.objects.of(user.pk).values_list("pk", flat=True):
        announce(conversation)


def _shut_out(conversation: Conversation) -> None:
    """Somebody is out: what they have waiting is dropped, and those who are left are told."""
    drop_strangers(conversation, {user for user, role in roles_in(conversation).items() if role.may_write})
    announce(conversation.pk)
