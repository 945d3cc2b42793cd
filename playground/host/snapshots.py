"""What is known of a version: its files for ever, who may see it as of a moment ago. And of a draft: as it is now."""

import hashlib
import json
from dataclasses import dataclass, replace

from asgiref.sync import sync_to_async
from django.db.models.signals import post_save
from django.dispatch import receiver

from playground.artifacts.drafts import tree_of
from playground.artifacts.files import StoredFile, choose_entry
from playground.artifacts.models import Artifact, Draft, Version
from playground.artifacts.trees import Tree, read_tree
from playground.host.memory import Glance

FRESH = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Snapshot:
    version: int | None  # None for a draft, of which nothing is kept
    entry: str
    tree: Tree
    pins: dict[str, str]
    is_shared: bool
    seal: str  # what a signed address has to name, where it is not shared
    is_taken_down: bool
    # Of what changes how the version is served, though its files stay.
    pins_digest: str
    hosts_digest: str

    @property
    def files(self) -> dict[str, StoredFile]:
        return self.tree.files


_seen = Glance[tuple[str, int], Snapshot](FRESH, most=4096)


async def find_snapshot(artifact: str, number: int) -> Snapshot | None:
    key = (artifact, number)
    if snapshot := _seen.get(key):
        return snapshot
    snapshot = await sync_to_async(_load)(artifact, number)
    if snapshot:
        _seen.put(key, snapshot)
    return snapshot


def snapshot_of(version: Version) -> Snapshot:
    artifact = version.artifact
    return Snapshot(
        version=version.pk,
        entry=version.entry,
        tree=Tree(version.files),
        pins=version.pins,
        is_shared=artifact.is_open,
        seal=artifact.seal,
        is_taken_down=artifact.taken_down_at is not None,
        pins_digest=_digest(version.pins),
        hosts_digest=_digest(artifact.allowed_hosts),
    )


def find_draft_snapshot(artifact: str) -> Snapshot | None:
    """What the owner has not saved yet, with the libraries of the version that it was made from."""
    drafts = Draft.objects.select_related("base__artifact").filter(artifact=artifact, artifact__owner__is_active=True)
    draft = drafts.first()
    if draft is None:
        return None
    base = snapshot_of(draft.base)
    return replace(base, version=None, entry=choose_entry(draft.files), tree=tree_of(draft), is_shared=False)


def find_tree_snapshot(name: str) -> Snapshot | None:
    """Files that are no version: a build's, at some step."""
    try:
        tree = read_tree(name)
    except OSError:
        return None
    return Snapshot(
        version=None,
        entry=choose_entry(tree.files),
        tree=tree,
        pins={},
        is_shared=False,
        seal="",
        is_taken_down=False,
        pins_digest="",
        hosts_digest="",
    )


def _load(artifact: str, number: int) -> Snapshot | None:
    """Nothing of somebody who is banned."""
    versions = Version.objects.select_related("artifact").filter(artifact__owner__is_active=True)
    version = versions.filter(artifact=artifact, number=number).first()
    return snapshot_of(version) if version else None


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12] if value else ""


@receiver(post_save, sender=Artifact)
def _forget(sender: object, *, instance: Artifact, **kwargs: object) -> None:
    """In this process it takes effect at once."""
    for number in instance.versions.values_list("number", flat=True):
        _seen.forget((instance.pk, number))
