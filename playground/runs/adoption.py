"""A guest's conversations, wishes and joined links go to the account that the guest signs in to."""

from django.dispatch import receiver

from playground.accounts.models import User
from playground.accounts.signals import guest_joined
from playground.runs.models import Conversation, Membership, Run


@receiver(guest_joined)
def adopt_conversations(sender: object, *, guest: User, user: User, **kwargs: object) -> None:
    Conversation.objects.filter(owner=guest).update(owner=user)
    Run.objects.filter(author=guest).update(author=user)
    already = Membership.objects.filter(user=user).values("link")
    Membership.objects.filter(user=guest).exclude(link__in=already).update(user=user)
