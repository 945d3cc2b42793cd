"""The only writer of artifacts and versions."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from playground.accounts.models import User
from playground.artifacts.files import StoredFile, check_files, choose_entry, store_files
from playground.artifacts.models import Artifact, Maker, Version, Visibility
from playground.artifacts.signals import became_public, version_saved
from playground.artifacts.trees import Tree


@dataclass(frozen=True, slots=True)
class Origin:
    """How a version came about."""

    maker: Maker = Maker.PUBLISHED
    prompt: str = ""
    model_name: str = ""
    is_demo: bool = False
    parent: Version | None = None


def create_artifact(
    *,
    owner: User,
    title: str,
    files: dict[str, bytes],
    visibility: str = Visibility.LINK,
    origin: Origin = Origin(),
) -> Version:
    """A new artifact with its first version. Raises BadInput for impossible names and sizes."""
    stored = store_files(files)
    with transaction.atomic():
        artifact = Artifact.objects.create(owner=owner, title=_short(title), visibility=visibility)
        return _add(artifact, stored, owner, origin)


def add_version(
    *, artifact: Artifact, author: User, files: Mapping[str, bytes | None], origin: Origin = Origin()
) -> Version:
    """The next version: `files` laid over those of `origin.parent`, where there is one; None deletes."""
    tree = Tree(origin.parent.files if origin.parent else {}).change(files)
    return add_tree(artifact=artifact, author=author, tree=tree, origin=origin)


def add_tree(*, artifact: Artifact, author: User, tree: Tree, origin: Origin) -> Version:
    """The next version, with exactly these files. Raises BadInput where they are none, too many or too large."""
    check_files(tree.files)
    stored = tree.store()
    with transaction.atomic():
        # Two runs may end at once: the row lock (PostgreSQL), or the IMMEDIATE transaction (SQLite), keeps them apart.
        locked = Artifact.objects.select_for_update().get(pk=artifact.pk)
        return _add(locked, stored, author, origin)


def remix_version(*, version: Version, owner: User) -> Version:
    """A copy under one's own name, which a new wish can go on from. Of what is not open to everybody, a private one."""
    source = version.artifact
    visibility = Visibility.LINK if source.is_open or source.owner_id == owner.pk else Visibility.PRIVATE
    with transaction.atomic():
        artifact = Artifact.objects.create(owner=owner, title=source.title, visibility=visibility, remixed_from=version)
        return _add(artifact, version.files, version.author or owner, _copy(version, Maker.REMIX))


def restore_version(*, version: Version, author: User) -> Version:
    """The next version, with the files of an earlier one and the libraries that it ran with."""
    with transaction.atomic():
        locked = Artifact.objects.select_for_update().get(pk=version.artifact_id)
        return _add(locked, version.files, author, _copy(version, Maker.RESTORED), pins=version.pins)


def tell_public(artifact: Artifact) -> None:
    """To be called by whoever has made public what was not."""
    transaction.on_commit(lambda: became_public.send(sender=Artifact, artifact=artifact), robust=True)


def label_version(*, version: Version, label: str) -> None:
    """Name a version, or with an empty label take its name away. Nothing else of a version ever changes."""
    version.label = " ".join(label.split())
    version.save(update_fields=["label"])


def _copy(version: Version, maker: Maker) -> Origin:
    return Origin(maker, version.prompt, version.model_name, version.is_demo, parent=version)


def _add(
    artifact: Artifact,
    files: dict[str, StoredFile],
    author: User,
    origin: Origin,
    *,
    pins: dict[str, str] | None = None,
) -> Version:
    newest = artifact.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = Version.objects.create(
        artifact=artifact,
        number=newest + 1,
        files=files,
        entry=choose_entry(files),
        author=author,
        maker=origin.maker,
        prompt=origin.prompt,
        model_name=origin.model_name,
        is_demo=origin.is_demo,
        parent=origin.parent,
        pins=pins or {},
    )
    # Robust: what others make of it must not undo that it is saved.
    transaction.on_commit(lambda: version_saved.send(sender=Version, version=version), robust=True)
    return version


def _short(title: str) -> str:
    return " ".join(title.split())[:200] or "Untitled"
