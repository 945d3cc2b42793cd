"""A gallery full of work, as it is after a while: with pictures, films, tags, collections and remixes."""

from io import BytesIO
from random import Random

from django.utils import timezone
from PIL import Image, ImageDraw

from playground.accounts.models import User
from playground.artifacts.blobs import put_blob
from playground.artifacts.files import StoredFile
from playground.artifacts.models import Artifact, Version, Visibility
from playground.checks.models import Check, State
from playground.gallery.models import Collection, Entry, Membership, SearchText, Tag
from playground.gallery.models import State as Standing

_ADJECTIVES = [
    "Quiet",
    "Falling",
    "Paper",
    "Electric",
    "Tiny",
    "Velvet",
    "Broken",
    "Midnight",
    "Glass",
    "Clockwork",
    "Salt",
    "Neon",
]
_NOUNS = [
    "Lighthouse",
    "Garden",
    "Pendulum",
    "Orchestra",
    "Harbour",
    "Kaleidoscope",
    "Typewriter",
    "Comet",
    "Aquarium",
    "Maze",
    "Tram",
    "Abacus",
]
_TAGS = [("games", "Games", "游戏"), ("physics", "Physics", "物理"), ("music", "Music", "音乐"), ("3d", "3D", "三维")]


def hang(count: int) -> list[Entry]:
    """So many entries of three people, the last one the newest. Few statements: a browser test waits for this."""
    random = Random(7)
    people = [User.objects.create_user(f"{name}@example.com", name=name.title()) for name in ("ada", "mo", "lin")]
    now = timezone.now()
    artifacts = Artifact.objects.bulk_create(
        Artifact(owner=random.choice(people), title=_title(number), visibility=Visibility.PUBLIC)
        for number in range(count)
    )
    page = put_blob(b"<!doctype html><title>A page</title><h1>It works</h1>")
    files: dict[str, StoredFile] = {"index.html": {"blob": page, "mime": "text/html", "size": 53}}
    versions = Version.objects.bulk_create(
        Version(artifact=artifact, number=1, files=files, entry="index.html", prompt=f"{artifact.title}, please")
        for artifact in artifacts
    )
    pictures = [_draw(Random(number)) for number in range(12)]
    Check.objects.bulk_create(
        Check(version=version, state=State.DONE, pictures=pictures[(number + number // 12) % 12])
        for number, version in enumerate(versions)
    )
    entries = Entry.objects.bulk_create(
        Entry(artifact=artifact, state=Standing.ACCEPTED, wish=f"{artifact.title}, please", accepted_at=now)
        for artifact in artifacts
    )
    SearchText.objects.bulk_create(SearchText(entry=entry, words=str(entry).lower()) for entry in entries)
    _group(entries)
    return entries


def _title(number: int) -> str:
    adjective, noun = _ADJECTIVES[number % 12], _NOUNS[number // 12 % 12]
    return f"{adjective} {noun}" if number < 144 else f"{adjective} {noun} {number}"


def _group(entries: list[Entry]) -> None:
    tags = [
        Tag.objects.get_or_create(slug=slug, defaults={"name": name, "name_zh": chinese})[0]
        for slug, name, chinese in _TAGS
    ]
    through = Entry.tags.through
    through.objects.bulk_create(
        through(entry_id=entry.pk, tag_id=tags[number % len(tags)].pk) for number, entry in enumerate(entries)
    )
    kept = Collection.objects.create(slug="rainy-day", title="For a rainy day", title_zh="雨天玩的", position=1)
    Membership.objects.bulk_create(
        Membership(collection=kept, entry=entry, position=number) for number, entry in enumerate(entries[:30])
    )


def _draw(random: Random) -> dict[str, str]:
    """Blobs of a still and a film."""
    ground, ink = _colour(random, 40, 110), _colour(random, 150, 255)
    places = [(random.random(), random.random(), random.uniform(0.04, 0.2)) for _ in range(14)]
    frames = [_frame((320, 200), ground, ink, places, step / 8) for step in range(8)]
    still, film = BytesIO(), BytesIO()
    _frame((640, 400), ground, ink, places, 0).save(still, "WEBP", quality=82)
    frames[0].save(film, "WEBP", save_all=True, append_images=frames[1:], duration=120, loop=0)
    return {"thumbnail": put_blob(still.getvalue()), "film": put_blob(film.getvalue())}


def _frame(
    size: tuple[int, int],
    ground: tuple[int, int, int],
    ink: tuple[int, int, int],
    places: list[tuple[float, float, float]],
    moved: float,
) -> Image.Image:
    image = Image.new("RGB", size, ground)
    brush = ImageDraw.Draw(image, "RGBA")
    width, height = size
    for x, y, radius in places:
        left, top, reach = (x + moved * radius * 4) % 1 * width, y * height, radius * width
        brush.ellipse((left - reach, top - reach, left + reach, top + reach), (*ink, 70))
    return image


def _colour(random: Random, least: int, most: int) -> tuple[int, int, int]:
    return random.randint(least, most), random.randint(least, most), random.randint(least, most)
