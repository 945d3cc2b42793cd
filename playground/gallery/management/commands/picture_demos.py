from io import BytesIO

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from PIL import Image, ImageSequence
from playwright.async_api import Error

from agents.browser import INSTALL, Verdict, check, find_chromium, judge
from agents.browser.isolation import probe
from playground.artifacts.models import Version
from playground.checks.serving import exhibit_of
from playground.gallery.models import Demo
from playground.reel.clips import load_clips
from playground.reel.pictures import read_pictures, write_pictures

# What the repository keeps of a check's pictures, and the most bytes of each.
KEPT = {"thumbnail": 40_000, "5": 50_000, "film": 100_000}
_QUALITIES = (70, 60, 50, 40, 30, 20)


class Command(BaseCommand):
    help = (
        "For who works on the demos: check those whose files have changed, and keep the pictures with their files in "
        "the repository. To be run beside a running playground. To have one's pictures made anew in any case, delete "
        "its folder `pictures`."
    )

    def handle(self, **options: object) -> None:
        program = find_chromium(settings.CHROMIUM)
        if program is None:
            raise CommandError(f"There is no browser. Install one: {INSTALL}")
        call_command("load_demos")
        for clip in load_clips():
            if not read_pictures(clip):
                version = Demo.objects.get(slug=clip.slug).artifact.latest
                write_pictures(clip, _take_pictures(version, program))
                self.stdout.write(clip.slug)


def _take_pictures(version: Version, program: str) -> dict[str, bytes]:
    """Raises CommandError where the page does not work well: then they would show that."""
    try:
        measured, pictures = async_to_sync(check)(exhibit_of(version), program, probe())
    except (Error, TimeoutError, OSError) as error:
        raise CommandError(
            f"{version} could not be checked, run this again when the machine is idle: {error!r}"
        ) from error
    verdict, gates = judge(measured)
    if verdict != Verdict.WORKS_WELL:
        raise CommandError("\n".join([f"{version} is {verdict.value}.", *map(str, gates)]))
    taken = {**pictures.shots, "thumbnail": pictures.thumbnail, "film": pictures.film}
    return {name: _lighten(content, KEPT[name]) for name in KEPT if (content := taken.get(name))}


def _lighten(content: bytes, most: int) -> bytes:
    """The same WebP picture, still or moving, in as good a quality as so many bytes hold."""
    with Image.open(BytesIO(content)) as picture:
        # In this order: how long a frame stands is known once it is read.
        frames = [(frame.convert("RGB"), frame.info.get("duration")) for frame in ImageSequence.Iterator(picture)]
    (first, *others), durations = zip(*frames, strict=True)
    lighter = content
    for quality in _QUALITIES:
        if len(lighter) <= most:
            break
        target = BytesIO()
        moving = {"save_all": True, "append_images": others, "duration": durations, "loop": 0} if others else {}
        first.save(target, "WEBP", quality=quality, method=6, **moving)
        lighter = target.getvalue()
    return lighter
