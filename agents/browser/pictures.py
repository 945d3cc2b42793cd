"""Pictures of a page: what can be seen in them, and what is kept of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageChops

type Picture = Image.Image
type Box = tuple[int, int, int, int]  # left, top, right, bottom

_GRID = (40, 30)
_THUMBNAIL = (640, 400)
_CLEARLY = 0.25  # bits
_FILM = (320, 200)
_FILM_BYTES = 400_000
_FILM_PACE = 375  # ms from place to place


@dataclass(slots=True)
class Pictures:
    """WebP. `shots` are by moment: "0.5", "2", "5" (seconds), "phone"."""

    shots: dict[str, bytes] = field(default_factory=dict)
    thumbnail: bytes | None = None
    film: bytes | None = None  # the thumbnail in motion, where there is motion


def decode(png: bytes) -> Picture:
    with Image.open(BytesIO(png)) as image:
        return image.convert("RGB")


def changed_share(one: Picture, other: Picture) -> float:
    """Of pixels that differ visibly; 1.0 where the sizes do."""
    if one.size != other.size:
        return 1.0
    difference = ImageChops.difference(one, other).convert("L")
    histogram = difference.histogram()
    return sum(histogram[5:]) / sum(histogram)


def motion(one: Picture, other: Picture) -> float:
    """The share of a coarse grid that changed: what a person would call movement."""
    grids = (picture.convert("L").resize(_GRID, Image.Resampling.BOX) for picture in (one, other))
    histogram = ImageChops.difference(*grids).histogram()
    return sum(histogram[5:]) / sum(histogram)


def ink(picture: Picture) -> float:
    """The share of pixels beside the most frequent colour."""
    counts = _colours(picture)
    return 1 - max(count for count, _colour in counts) / (picture.width * picture.height)


def flat_colour(picture: Picture, box: Box) -> str | None:
    """The one colour of this part, as `#rrggbb`, or None where there are several."""
    part = picture.crop(box)
    if len(_colours(part)) > 1:
        return None
    pixel = part.getpixel((part.width // 2, part.height // 2))
    assert isinstance(pixel, tuple)
    return "#{:02x}{:02x}{:02x}".format(*pixel)


def keep(picture: Picture) -> bytes:
    return _webp(picture, 80)


def make_thumbnail(pictures: Sequence[Picture]) -> bytes | None:
    """Of the last picture, when what fades in is there, unless on an earlier one there is clearly more to see."""
    if not pictures:
        return None
    *earlier, best = pictures
    for picture in reversed(earlier):
        if _richness(picture) > _richness(best) + _CLEARLY:
            best = picture
    return _webp(_fit(best, _THUMBNAIL), 82)


def make_film(frames: Mapping[int, Picture]) -> bytes | None:
    """An endless animation at the page's own pace, where it is light enough to stand in a list.

    `frames` are by their place in time; where a busy machine has left some out, the one before stands longer.
    """
    if len(frames) < 2:
        return None
    places = sorted(frames)
    durations = [_FILM_PACE * (after - before) for before, after in pairwise([*places, places[-1] + 1])]
    first, *others = [_fit(frames[place], _FILM) for place in places]
    for quality in (60, 30):
        target = BytesIO()
        first.save(
            target, "WEBP", save_all=True, append_images=others, duration=durations, loop=0, quality=quality, method=2
        )
        if target.tell() <= _FILM_BYTES:
            return target.getvalue()
    return None


def _colours(picture: Picture) -> list[tuple[int, object]]:
    """How often each colour is there, to 4 bits a channel."""
    coarse = picture.point(lambda value: int(value) & 0xF0)
    return list(coarse.getcolors(picture.width * picture.height) or [])


def _richness(picture: Picture) -> float:
    """In bits: how evenly the grey values are used."""
    return float(picture.convert("L").entropy())


def _fit(picture: Picture, size: tuple[int, int]) -> Picture:
    """The upper part, without distortion."""
    height = min(picture.height, picture.width * size[1] // size[0])
    return picture.crop((0, 0, picture.width, height)).resize(size, Image.Resampling.LANCZOS)


def _webp(picture: Picture, quality: int) -> bytes:
    target = BytesIO()
    picture.save(target, "WEBP", quality=quality, method=4)
    return target.getvalue()
