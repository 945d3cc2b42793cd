"""Who may do what: curators keep the gallery, by a group that this makes; admins, superusers of the staff, do all."""

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from playground.accounts.models import User

GROUP = "Curators"
CURATE = "curation.curate"


def is_curator(user: object) -> bool:
    """Superusers are, too."""
    return isinstance(user, User) and user.has_perm(CURATE)


def is_admin(user: object) -> bool:
    return isinstance(user, User) and user.is_active and user.is_staff and user.is_superuser


def list_curators() -> list[User]:
    permission = Permission.objects.filter(content_type__app_label="curation", codename="curate")
    given = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    return list(User.objects.filter(given | Q(is_superuser=True), is_active=True).distinct())


def make_curators(sender: AppConfig, **kwargs: object) -> None:
    """After a migration, where the group is not there yet. Whoever is put into it on the admin pages is a curator."""
    create_permissions(sender, verbosity=0)
    group, is_new = Group.objects.get_or_create(name=GROUP)
    if is_new:
        group.permissions.add(*Permission.objects.filter(content_type__app_label=sender.label, codename="curate"))
