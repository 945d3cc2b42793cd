"""A guest's conversations go to the account that the guest signs in to."""

from django.dispatch import receiver

from playground.accounts.models import User
from playground.accounts.signals import guest_joined
from playground.runs.models import Conversation


@receiver(guest_joined)
def adopt_conversations(sender: object, *, guest: User, user: User, **kwargs: object) -> None:
    Conversation.objects.filter(owner=guest).update(owner=user)
