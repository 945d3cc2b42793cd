"""What is done against an artifact or a person: taken back as easily, and always told in the audit log."""

from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.audit import record
from playground.accounts.models import User
from playground.artifacts.models import Artifact
from playground.errors import BadInput, PlaygroundError
from playground.runs.models import Run
from playground.runs.services import cancel
from playground.runs.sharing import shut_out


@dataclass(frozen=True, slots=True)
class Curator:
    """Who acts, and from where. Make it by `curator_of`."""

    user: User
    address: str = ""

    def note(self, action: str, changed: Model, **fields: object) -> None:
        """`fields`: what it was and what it is, or what it is."""
        told = {name: value if isinstance(value, list) else ["", value] for name, value in fields.items()}
        name, kind = str(changed)[:300], str(changed._meta.model_name)
        change: dict[str, object] = {"what": "changed", "kind": kind, "id": str(changed.pk), "name": name}
        record(self.user, action, [{**change, "fields": told}], address=self.address)


def take_down(artifact: Artifact, curator: Curator, reason: str) -> None:
    """Nobody gets anything of it any more, its owner neither. Raises BadInput without a reason: everybody reads it."""
    check_reason(reason)
    artifact.taken_down_at = timezone.now()
    artifact.taken_down_by = curator.user
    artifact.takedown_reason = reason.strip()
    artifact.save(update_fields=["taken_down_at", "taken_down_by", "takedown_reason"])
    curator.note("took down", artifact, reason=artifact.takedown_reason)


def put_back(artifact: Artifact, curator: Curator) -> None:
    """Then it is again for whom its owner wants it to be."""
    reason, artifact.takedown_reason = artifact.takedown_reason, ""
    artifact.taken_down_at = artifact.taken_down_by = None
    artifact.save(update_fields=["taken_down_at", "taken_down_by", "takedown_reason"])
    curator.note("put back", artifact, reason=[reason, ""])


def ban(user: User, curator: Curator, reason: str) -> None:
    """Signed out, kept out, and what they made is hidden. What is being answered for them is stopped.

    Raises BadInput without a reason, and PlaygroundError for whom only another way may end.
    """
    check_reason(reason)
    if user.is_staff or user.pk == curator.user.pk:
        message = _("Staff cannot be banned here. Take away their rights on the admin pages first.")
        raise PlaygroundError("staff_ban", message, status=403)
    user.is_active = False
    user.ban_reason = reason.strip()
    user.save(update_fields=["is_active", "ban_reason"])
    for run in Run.objects.open().filter(author=user):
        async_to_sync(cancel)(run)
    shut_out(user)
    curator.note("banned", user, reason=user.ban_reason)


def lift_ban(user: User, curator: Curator) -> None:
    reason, user.ban_reason = user.ban_reason, ""
    user.is_active = True
    user.save(update_fields=["is_active", "ban_reason"])
    curator.note("lifted the ban of", user, reason=[reason, ""])


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("no_reason", _("Say why: it will be read by those whom it concerns."))
