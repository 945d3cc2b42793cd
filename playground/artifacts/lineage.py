"""Which versions stem from which."""

from django.db.models import Q, QuerySet

from playground.accounts.models import User
from playground.artifacts.models import Artifact, Maker, Version

_EDITS = (Maker.HAND, Maker.PUBLISHED)


def newest_descendant(version: Version) -> Version:
    """The newest version that was made from this one, directly or not; else the version itself."""
    line = {version.pk}
    newest = version.pk
    later = version.artifact.versions.filter(number__gt=version.number).order_by("number")
    for pk, parent in later.values_list("pk", "parent"):
        if parent in line:
            line.add(pk)
            newest = pk
    return version if newest == version.pk else Version.objects.select_related("artifact").get(pk=newest)


def latest_edit(version: Version) -> Version:
    """What a person made of the version: edited it by hand or by a script, or restored another one in its place."""
    versions = version.artifact.versions.select_related("artifact")
    while True:
        edited = Q(maker__in=_EDITS, parent=version)
        replaced = Q(maker=Maker.RESTORED, number=version.number + 1)
        later = versions.filter(edited | replaced, number__gt=version.number).first()
        if later is None:
            return version
        version = later


def precursor(version: Version) -> int | None:
    """The number of the version that this one, made by a person, came in place of: see `latest_edit`."""
    if version.maker == Maker.RESTORED:
        return version.number - 1
    return version.parent.number if version.parent and version.maker in _EDITS else None


def remixes_of(artifact: Artifact, reader: User | None) -> QuerySet[Artifact]:
    """Those that anybody may find, and the reader's own, newest first. Who has but a link to one is not told of it."""
    remixes = Artifact.objects.filter(remixed_from__artifact=artifact)
    listed = Q(pk__in=Artifact.objects.listed().values("pk"))
    return remixes.filter(listed | Q(owner=reader) if reader else listed)


def source_of(artifact: Artifact, reader: User | None) -> Version | None:
    """What it is a remix of, where the reader may see that."""
    source = artifact.remixed_from
    if source is None or not Artifact.objects.visible_to(reader).filter(pk=source.artifact_id).exists():
        return None
    return source
