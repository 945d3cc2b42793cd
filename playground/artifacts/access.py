"""Who may open an artifact: every way to one leads through `find_artifact`, or through `ArtifactQuerySet.visible_to`.

A password is given once. Who gave it is known by the account, for a visitor that of a guest, until it is changed.
"""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.models import User
from playground.artifacts.models import Artifact, Unlock, Version, Visibility
from playground.errors import BadInput, NotFound, PlaygroundError

SHORTEST = 4  # characters of a password


class Locked(PlaygroundError):
    def __init__(self) -> None:
        message = _("This artifact opens with a password. Enter it on its page, and try again.")
        super().__init__("artifact_locked", message, status=403)


class Expired(PlaygroundError):
    def __init__(self) -> None:
        message = _("This link has expired. Whoever sent it to you can extend it.")
        super().__init__("artifact_expired", message, status=410)


class TakenDown(PlaygroundError):
    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        message = _("This page was taken down by the people who run this playground. Their reason: %(reason)s")
        super().__init__("artifact_taken_down", message % {"reason": artifact.takedown_reason}, status=410)


def find_artifact(user: User | None, artifact_id: str, *related: str) -> Artifact:
    """One that `user` (None: a visitor without a session) may open. Raises NotFound, Locked, Expired, TakenDown."""
    artifacts = Artifact.objects.select_related("owner", *related).filter(pk=artifact_id)
    if artifact := artifacts.visible_to(user).first():
        return artifact
    known = ~Q(visibility=Visibility.PRIVATE) | Q(owner=user)
    shut = artifacts.filter(known, owner__is_active=True).first()
    if shut is None:
        raise NotFound("artifact_not_found", _("This artifact does not exist."))
    if shut.taken_down_at:
        raise TakenDown(shut)
    raise Expired if shut.is_expired else Locked


def find_version(user: User | None, artifact_id: str, number: int, *related: str) -> Version:
    """A version of one that `user` may open. Raises NotFound, Locked, Expired, TakenDown."""
    artifact = find_artifact(user, artifact_id)
    version = Version.objects.select_related("artifact", *related).filter(artifact=artifact, number=number).first()
    if version is None:
        raise NotFound("version_not_found", _("This version does not exist."))
    return version


def set_password(artifact: Artifact, password: str) -> None:
    """Whoever gave the one before has to give this one. An empty one: none is asked for. Raises BadInput."""
    if password and len(password) < SHORTEST:
        raise BadInput("short_password", _("A password has at least %(count)d characters.") % {"count": SHORTEST})
    artifact.password = make_password(password) if password else ""
    with transaction.atomic():
        artifact.save(update_fields=["password"])
        artifact.unlocks.all().delete()


def check_expiry(moment: datetime | None) -> datetime | None:
    """Raises BadInput for one that is over."""
    if moment is not None and moment <= timezone.now():
        raise BadInput("expiry_is_over", _("Choose a time that is still to come."))
    return moment


def is_password(artifact: Artifact, password: str) -> bool:
    return check_password(password, artifact.password)


def unlock(artifact: Artifact, user: User) -> None:
    """For somebody who gave the password."""
    Unlock.objects.get_or_create(artifact=artifact, user=user)
