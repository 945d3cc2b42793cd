"""What a person shows to everybody."""

from playground.accounts.models import User
from playground.artifacts.models import Artifact, ArtifactQuerySet, Visibility


def public_works(person: User) -> ArtifactQuerySet:
    return Artifact.objects.visible_to(None).filter(owner=person, visibility=Visibility.PUBLIC)
