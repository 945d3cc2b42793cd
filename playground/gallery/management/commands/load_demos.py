from django.core.management.base import BaseCommand
from django.db import transaction

from playground.artifacts.files import read_file
from playground.artifacts.models import Visibility
from playground.artifacts.services import Origin, add_version, create_artifact
from playground.gallery.house import house_user
from playground.gallery.models import Demo
from playground.reel.clips import Clip, load_clips


class Command(BaseCommand):
    help = "Publish the Demo reel's pages as artifacts. A page that changed becomes a new version."

    def handle(self, **options: object) -> None:
        for clip in load_clips():
            demo = Demo.objects.select_related("artifact").filter(slug=clip.slug).first()
            if demo is None:
                _publish(clip)
            elif _has_changed(demo, clip):
                add_version(artifact=demo.artifact, author=demo.artifact.owner, files=clip.files, origin=_origin(clip))


def _publish(clip: Clip) -> None:
    with transaction.atomic():
        version = create_artifact(
            owner=house_user(),
            title=clip.title["en"],
            files=clip.files,
            visibility=Visibility.PUBLIC,
            origin=_origin(clip),
        )
        Demo.objects.create(slug=clip.slug, artifact=version.artifact)


def _has_changed(demo: Demo, clip: Clip) -> bool:
    stored = demo.artifact.latest.files
    return {path: read_file(file) for path, file in stored.items()} != clip.files


def _origin(clip: Clip) -> Origin:
    return Origin(prompt=clip.prompt["en"], model_name="Demo reel", is_demo=True)
