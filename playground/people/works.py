"""What a person shows to everybody."""

from playground.accounts.models import User
from playground.artifacts.models import Artifact, ArtifactQuerySet


def public_works(person: User) -> ArtifactQuerySet:
    return Artifact.objects.listed().filter(owner=person)
