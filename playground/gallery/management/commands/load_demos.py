from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from playground.artifacts.files import read_file
from playground.artifacts.models import Visibility
from playground.artifacts.services import Origin, add_version, create_artifact
from playground.checks.services import check_of, give_pictures
from playground.gallery.house import house_user
from playground.gallery.models import Collection, Demo, Entry, Membership, Tag
from playground.gallery.services import accept, submit
from playground.reel.clips import Clip, load_clips
from playground.reel.pictures import read_pictures

# The tags of the clips, by slug.
TAGS = {
    "3d": ("3D", "三维"),
    "games": ("Games", "游戏"),
    "learning": ("Learning", "学习"),
    "physics": ("Physics", "物理"),
    "pages": ("Pages", "网页"),
    "tools": ("Tools", "工具"),
    "toys": ("Toys", "玩具"),
}
FEATURED = 3  # of them, as long as no curator has chosen


class Command(BaseCommand):
    help = (
        "Publish the Demo reel's pages as artifacts, and show them in the gallery. A page that changed becomes a new "
        "version; what a curator has made of an entry stays."
    )

    def handle(self, **options: object) -> None:
        for place, clip in reversed(list(enumerate(load_clips()))):  # so that the first is the newest
            demo = Demo.objects.select_related("artifact").filter(slug=clip.slug).first()
            if demo is None:
                demo = _publish(clip)
            elif _has_changed(demo, clip):
                add_version(artifact=demo.artifact, author=demo.artifact.owner, files=clip.files, origin=_origin(clip))
            _give_pictures(demo, clip)
            if not Entry.objects.filter(artifact=demo.artifact).exists():
                _show(demo, clip, place)


def _publish(clip: Clip) -> Demo:
    with transaction.atomic():
        version = create_artifact(
            owner=house_user(),
            title=clip.title["en"],
            files=clip.files,
            visibility=Visibility.PUBLIC,
            origin=_origin(clip),
        )
        return Demo.objects.create(slug=clip.slug, artifact=version.artifact)


def _give_pictures(demo: Demo, clip: Clip) -> None:
    version = demo.artifact.latest
    check = check_of(version)
    has_own = check is not None and bool(check.pictures)
    if not has_own and (pictures := read_pictures(clip)):
        give_pictures(version, pictures)


def _show(demo: Demo, clip: Clip, place: int) -> None:
    with transaction.atomic():
        entry = submit(demo.artifact, demo.artifact.owner)
        entry.wish, entry.wish_zh = clip.prompt["en"], clip.prompt["zh"]
        if place < FEATURED:
            entry.featured_from, entry.position = timezone.now(), place
        accept(entry, None, title=clip.title["en"], title_zh=clip.title["zh"], tags=map(_tag, clip.tags))
        Membership.objects.create(collection=_collection(), entry=entry, position=place)


def _tag(slug: str) -> Tag:
    name, chinese = TAGS[slug]
    tag, _is_new = Tag.objects.get_or_create(slug=slug, defaults={"name": name, "name_zh": chinese})
    return tag


def _collection() -> Collection:
    collection, _is_new = Collection.objects.get_or_create(
        slug="demos",
        defaults={
            "title": "Demos",
            "title_zh": "演示",
            "description": "Written by hand for this playground. Each is also a clip of the Demo reel: make its wish, "
            "and watch the page come alive.",
            "description_zh": "专为本游乐场手工编写。每一个也是演示影片中的一段：许下它的愿望，看页面活起来。",
        },
    )
    return collection


def _has_changed(demo: Demo, clip: Clip) -> bool:
    stored = demo.artifact.latest.files
    return {path: read_file(file) for path, file in stored.items()} != clip.files


def _origin(clip: Clip) -> Origin:
    return Origin(prompt=clip.prompt["en"], model_name="Demo reel", is_demo=True)
