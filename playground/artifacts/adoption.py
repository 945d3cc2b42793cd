"""What a guest made goes to the account that the guest signs in to."""

from django.dispatch import receiver

from playground.accounts.models import User
from playground.accounts.signals import guest_joined
from playground.artifacts.models import Artifact, Like, Unlock, Version


@receiver(guest_joined)
def adopt_artifacts(sender: object, *, guest: User, user: User, **kwargs: object) -> None:
    Artifact.objects.filter(owner=guest).update(owner=user)
    Version.objects.filter(author=guest).update(author=user)
    for relation in (Unlock, Like):
        known = list(relation.objects.filter(user=user).values_list("artifact_id", flat=True))
        relation.objects.filter(user=guest).exclude(artifact__in=known).update(user=user)
