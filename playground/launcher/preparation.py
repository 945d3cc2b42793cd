"""What has to be done before the processes start, in this one process: starting Django once is slow enough."""

import shutil

import django
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError

from playground.launcher.failure import LaunchFailure


def prepare() -> bool:
    """Bring database, static files, models and demos up to date. True where nobody can administrate yet."""
    try:
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
    except ImproperlyConfigured as error:
        raise LaunchFailure(f"a setting is wrong: {error}") from error
    except OperationalError as error:
        raise LaunchFailure(f"the database cannot be used ({error}). Check DATABASE_URL and the disk.") from error
    _refuse_dangers()
    _collect_static()
    call_command("load_models")
    call_command("load_demos")
    return not _has_admin()


def _refuse_dangers() -> None:
    for message in run_checks(tags=[Tags.security]):
        if message.is_serious():
            raise LaunchFailure(f"a setting is wrong: {message.msg}. {message.hint or ''}")


def _collect_static() -> None:
    """Again only after a new build or a new version of a package."""
    built = settings.STATICFILES_DIRS[0] / "manifest.json"
    kept = settings.STATIC_ROOT / "built.json"
    if kept.exists() and kept.read_bytes() == built.read_bytes():
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    shutil.copy(built, kept)


def _has_admin() -> bool:
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - the applications are loaded only now

    return get_user_model().objects.filter(is_superuser=True).exists()
