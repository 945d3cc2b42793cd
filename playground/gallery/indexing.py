"""What an entry is found by follows what is written of it, whoever writes it."""

from django.db.models.signals import m2m_changed, post_save
from django.dispatch import receiver

from playground.artifacts.models import Artifact
from playground.gallery.models import Entry, Tag
from playground.gallery.search import index_entry


@receiver(post_save, sender=Entry)
def index_saved(instance: Entry, **kwargs: object) -> None:
    index_entry(instance)


@receiver(m2m_changed, sender=Entry.tags.through)
def index_tagged(instance: Entry | Tag, action: str, pk_set: set[int] | None, **kwargs: object) -> None:
    if action.startswith("post_"):
        changed = [instance] if isinstance(instance, Entry) else Entry.objects.filter(pk__in=pk_set or ())
        for entry in changed:
            index_entry(entry)


@receiver(post_save, sender=Tag)
def index_renamed_tag(instance: Tag, **kwargs: object) -> None:
    for entry in instance.entries.select_related("artifact"):
        index_entry(entry)


@receiver(post_save, sender=Artifact)
def index_renamed(instance: Artifact, created: bool, update_fields: frozenset[str] | None, **kwargs: object) -> None:
    if created or (update_fields is not None and "title" not in update_fields):
        return
    if entry := Entry.objects.filter(artifact=instance).first():
        index_entry(entry)
