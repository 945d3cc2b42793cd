"""Word by e-mail that a build is over, for who wants it. In the app, the conversation's news tell it."""

from django.core.mail import send_mail
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from playground.artifacts.addresses import public_url
from playground.builds.models import Build
from playground.builds.presenting import build_info


def send_notice(run_id: str) -> bool:
    """At most once for a build. False where it is not wanted, or was sent."""
    build = Build.objects.select_related("run__author", "run__version").filter(pk=run_id).first()
    if build is None or not build.run.is_over:
        return False
    user = build.run.author
    if user is None or not user.email or not user.mails_builds:
        return False
    if not Build.objects.filter(pk=run_id, notified_at=None).update(notified_at=Now()):
        return False
    with translation.override(build.language):
        send_mail(_subject(build), _text(build), None, [user.email])
    return True


def _subject(build: Build) -> str:
    title = (build.wrapping or {}).get("title") or " ".join(build.run.prompt.split())[:60]
    match build.outcome:
        case "done":
            return _("Built: %(title)s") % {"title": title}
        case "partial":
            return _("Built in part: %(title)s") % {"title": title}
        case _:
            return _("Not built: %(title)s") % {"title": title}


def _text(build: Build) -> str:
    info = build_info(build)
    version = build.run.version
    lines = [
        info.summary,
        info.message,
        info.check.words if info.check else "",
        public_url(version.get_absolute_url()) if version else "",
        _("The conversation: %(address)s") % {"address": public_url(f"/c/{build.run.conversation_id}")},
    ]
    return "\n\n".join(filter(None, lines))
