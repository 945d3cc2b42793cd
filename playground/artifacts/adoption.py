"""What a guest made goes to the account that the guest signs in to."""

from django.dispatch import receiver

from playground.accounts.models import User
from playground.accounts.signals import guest_joined
from playground.artifacts.models import Artifact, Unlock, Version


@receiver(guest_joined)
def adopt_artifacts(sender: object, *, guest: User, user: User, **kwargs: object) -> None:
    Artifact.objects.filter(owner=guest).update(owner=user)
    Version.objects.filter(author=guest).update(author=user)
    known = Unlock.objects.filter(user=user).values("artifact")
    Unlock.objects.filter(user=guest).exclude(artifact__in=known).update(user=user)
