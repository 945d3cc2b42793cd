"""The only writer of what is in the gallery: submitting, accepting, declining, hiding, withdrawing."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.models import User
from playground.artifacts.models import Artifact, Visibility
from playground.artifacts.services import tell_public
from playground.errors import BadInput, NotFound, PlaygroundError
from playground.gallery.models import Entry, State, Tag
from playground.webhooks.tasks import tell_submission


def submit(artifact: Artifact, user: User) -> Entry:
    """Put the artifact before a curator, and make it public: without a password, and for good.

    One that was declined or taken down is looked at again. Raises NotFound for somebody else's artifact, and
    PlaygroundError for a guest.
    """
    _check_owner(artifact, user)
    if user.is_guest:
        raise PlaygroundError(
            "account_needed", _("Sign up to show your work in the gallery. What you made comes along."), status=403
        )
    was_public = artifact.visibility == Visibility.PUBLIC
    with transaction.atomic():
        artifact.visibility, artifact.password, artifact.expires_at = Visibility.PUBLIC, "", None
        artifact.save(update_fields=["visibility", "password", "expires_at"])
        entry, is_new = Entry.objects.get_or_create(artifact=artifact, defaults={"wish": first_wish(artifact)})
        if not is_new and entry.state in (State.DECLINED, State.HIDDEN):
            entry.state = State.SUBMITTED
            entry.submitted_at = timezone.now()
            entry.save(update_fields=["state", "submitted_at"])
        if not was_public:
            tell_public(artifact)
        tell_submission(artifact)
    return entry


def withdraw(artifact: Artifact, user: User) -> None:
    """Take it out of the gallery, or back from the curators. The artifact itself stays as public as it is."""
    _check_owner(artifact, user)
    Entry.objects.filter(artifact=artifact).delete()


def accept(
    entry: Entry, by: User | None, *, title: str | None = None, title_zh: str | None = None, tags: Iterable[Tag] = ()
) -> None:
    """Into the gallery. `by`: None for the house. What is not given stays as it is; `tags` are added."""
    with transaction.atomic():
        entry.title = entry.title if title is None else title
        entry.title_zh = entry.title_zh if title_zh is None else title_zh
        entry.accepted_at = entry.accepted_at or timezone.now()
        _decide(entry, State.ACCEPTED, by, reason="")
        entry.tags.add(*tags)


def decline(entry: Entry, by: User, reason: str) -> None:
    """`reason` is shown to the owner. Raises BadInput without one."""
    if not reason.strip():
        raise BadInput("no_reason", _("Say why: the owner is told."))
    _decide(entry, State.DECLINED, by, reason=reason.strip())


def hide(entry: Entry, by: User | None, reason: str) -> None:
    """Out of the gallery, for as long as it is not accepted again. `by`: None for the nightly checks."""
    if not reason.strip():
        raise BadInput("no_reason", _("Say why: the owner is told."))
    _decide(entry, State.HIDDEN, by, reason=reason.strip())


def first_wish(artifact: Artifact) -> str:
    """What the artifact began with. What was asked for later makes sense only after that."""
    return artifact.versions.exclude(prompt="").order_by("number").values_list("prompt", flat=True).first() or ""


def _decide(entry: Entry, state: State, by: User | None, *, reason: str) -> None:
    entry.state = state
    entry.reason = reason
    entry.decided_by = by
    entry.decided_at = timezone.now()
    entry.save()


def _check_owner(artifact: Artifact, user: User) -> None:
    if artifact.owner_id != user.pk:
        raise NotFound("artifact_not_found", _("This artifact does not exist."))
