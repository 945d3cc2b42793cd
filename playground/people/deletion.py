"""The end of an account: closed at once, then its rows taken away, bit by bit."""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from playground.accounts.audit import record_anonymously
from playground.accounts.models import ApiToken, SignIn, User
from playground.accounts.sign_ins import end_sign_ins
from playground.artifacts.models import Artifact, Draft, Version, Visibility
from playground.errors import PlaygroundError
from playground.people.exports import drop_export
from playground.people.models import Deletion, Export
from playground.people.works import public_works
from playground.runs.models import Conversation, Run, ShareLink
from playground.runs.services import cancel
from playground.runs.switchboard import announce

# That answers and builds have to come to their end. What still runs then finds its rows gone, and ends, too.
PATIENCE = timedelta(seconds=60)

logger = logging.getLogger(__name__)


def close_account(user: User, *, keeps_public: bool) -> None:
    """Nobody can act as this person or see what was theirs from now on. With `keeps_public`, what is public stays, of
    nobody. Raises PlaygroundError for the last admin.
    """
    with transaction.atomic():
        _check_not_last_admin(user)
        if keeps_public:
            _leave_public_work(user)
        Artifact.objects.filter(owner=user).update(visibility=Visibility.PRIVATE)
        links = ShareLink.objects.filter(conversation__owner=user)
        for conversation in set(links.values_list("conversation", flat=True)):
            announce(conversation)
        links.delete()
        user.memberships.all().delete()
        ApiToken.objects.of(user).delete()
        user.webhooks.all().delete()
        EmailAddress.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
        end_sign_ins(list(SignIn.objects.filter(user=user)))
        for export in Export.objects.filter(user=user):
            drop_export(export)
        _strip(user)
        Deletion.objects.get_or_create(user=user)
        action = "deleted their account, and left public work" if keeps_public else "deleted their account"
        record_anonymously(action)


def _check_not_last_admin(user: User) -> None:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        message = _("You are the only admin of this playground. Make somebody else one first.")
        raise PlaygroundError("last_admin", message, status=409)


def _leave_public_work(user: User) -> None:
    left = list(public_works(user).values_list("pk", flat=True))
    nobody = User.objects.deleted_user()
    Version.objects.filter(artifact__in=left, author=user).update(author=nobody)
    Draft.objects.filter(artifact__in=left).delete()  # what was not saved is not public
    Artifact.objects.filter(pk__in=left).update(owner=nobody)


def _strip(user: User) -> None:
    user.email, user.name, user.handle = None, "", None
    user.is_active = user.is_staff = user.is_superuser = user.mails_builds = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def take_away(deletion: Deletion) -> bool:
    """All that is left of the account. May be begun again at any place. False while answers still come to their end."""
    user = deletion.user
    going = list(Run.objects.open().filter(Q(author=user) | Q(conversation__owner=user)).select_related("conversation"))
    for run in going:
        async_to_sync(cancel)(run)
    if going and timezone.now() - deletion.ordered_at < PATIENCE:
        return False
    for conversation in Conversation.objects.filter(owner=user).iterator(chunk_size=50):
        conversation.delete()
    for artifact in Artifact.objects.filter(owner=user).iterator(chunk_size=50):
        artifact.delete()
    user.delete()
    return True
