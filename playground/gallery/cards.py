"""The picture that chats and networks show beside a link: 1200 × 630, the screenshot above a title. Pure but for fonts.

Titles in Chinese, Japanese and Korean need a font of the system. Where there is none, the picture goes without the
title: whoever shows it has that as text beside it.
"""

import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
REVISION = 1  # to be counted up when the same version would get another picture

_BAND = 126  # pixels of height
_EDGE = 48
_PAPER, _LINE, _INK, _SOFT, _ACCENT = "#fbfaf8", "#e2ded6", "#1c1b19", "#57534b", "#b83a14"
_LATIN = "ibm-plex-sans-latin-wght-normal-*.woff2"
_SYSTEM = ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "PingFang.ttc", "msyh.ttc", "wqy-microhei.ttc")
_SEAL = 48

type Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw_card(title: str, byline: str, screenshots: list[bytes]) -> bytes:
    """JPEG. Of the screenshots, the one on which there is most to see; without any, the title fills the picture."""
    card = Image.new("RGB", SIZE, _PAPER)
    if screenshots:
        pictures = [_open(content) for content in screenshots]
        _draw_screenshot(card, max(pictures, key=lambda picture: picture.convert("L").entropy()))
        _draw_band(card, _drawable(title), _drawable(byline))
    else:
        _draw_title(card, _drawable(title), _drawable(byline))
    target = BytesIO()
    card.save(target, "JPEG", quality=86, optimize=True)
    return target.getvalue()


def _draw_screenshot(card: Image.Image, picture: Image.Image) -> None:
    """Its upper part."""
    width, height = SIZE[0], SIZE[1] - _BAND
    scaled = picture.resize((width, max(height, picture.height * width // picture.width)), Image.Resampling.LANCZOS)
    card.paste(scaled.crop((0, 0, width, height)), (0, 0))


def _draw_band(card: Image.Image, title: str, byline: str) -> None:
    draw = ImageDraw.Draw(card)
    top = SIZE[1] - _BAND
    draw.line([(0, top), (SIZE[0], top)], fill=_LINE, width=2)
    room = SIZE[0] - 3 * _EDGE - _SEAL
    _write(draw, (_EDGE, top + 56), _cut(title, 40, 650, room), 40, 650, _INK)
    _write(draw, (_EDGE, top + 98), _cut(byline, 24, 450, room), 24, 450, _SOFT)
    _draw_seal(draw, SIZE[0] - _EDGE - _SEAL, top + (_BAND - _SEAL) // 2, _SEAL)


def _draw_title(card: Image.Image, title: str, byline: str) -> None:
    draw = ImageDraw.Draw(card)
    _draw_seal(draw, _EDGE * 2, _EDGE * 2, 72)
    for line, text in enumerate(_wrap(title, 76, 650, SIZE[0] - 4 * _EDGE, lines=3)):
        _write(draw, (_EDGE * 2, 290 + line * 92), text, 76, 650, _INK)
    draw.line([(_EDGE * 2, 536), (SIZE[0] - _EDGE * 2, 536)], fill=_LINE, width=2)
    _write(draw, (_EDGE * 2, 584), _cut(byline, 28, 450, SIZE[0] - 4 * _EDGE), 28, 450, _SOFT)


def _draw_seal(draw: ImageDraw.ImageDraw, left: int, top: int, size: int) -> None:
    """The product's mark: a triangle that points to the right, on the accent."""
    draw.rounded_rectangle((left, top, left + size, top + size), radius=size // 5, fill=_ACCENT)
    points = [(left + size * x, top + size * y) for x, y in ((0.32, 0.27), (0.32, 0.73), (0.76, 0.5))]
    draw.polygon(points, fill="#ffffff")


def _write(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, weight: int, colour: str) -> None:
    """`place` is the left end of the base line."""
    if font := _font_for(text, size, weight):
        draw.text(place, text, font=font, fill=colour, anchor="ls")


def _cut(text: str, size: int, weight: int, room: int) -> str:
    font = _font_for(text, size, weight)
    if font is None or font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def _wrap(text: str, size: int, weight: int, room: int, lines: int) -> list[str]:
    """At spaces, and where there are none between any two characters. The last line takes what is left, cut."""
    found: list[str] = []
    while text and len(found) < lines - 1:
        line = _cut(text, size, weight, room)
        if line == text:
            break
        fits = len(line) - 1
        end = text.rfind(" ", 0, fits + 1)
        end = end if end > 0 else fits
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*found, _cut(text, size, weight, room)] if text else found


def _drawable(text: str) -> str:
    """Without emoji and other signs that no font of ours has."""
    kept = (sign for sign in text if unicodedata.category(sign) not in ("So", "Sk", "Cc", "Cf", "Co", "Cs", "Mn"))
    return " ".join("".join(kept).split())


def _font_for(text: str, size: int, weight: int) -> Font | None:
    """None where nothing here could write it."""
    is_latin = all(ord(sign) < 0x180 or "\u2010" <= sign <= "\u2026" for sign in text)
    return _latin_font(size, weight) if is_latin else _system_font(size)


@cache
def _latin_font(size: int, weight: int) -> Font:
    """The one of our pages; before these are built, Pillow's own."""
    assets = Path(settings.STATICFILES_DIRS[0]) / "assets"
    file = next(iter(sorted(assets.glob(_LATIN))), None)
    if file is None:
        return ImageFont.load_default(size)
    font = ImageFont.truetype(str(file), size)
    font.set_variation_by_axes([weight])
    return font


@cache
def _system_font(size: int) -> Font | None:
    for name in _SYSTEM:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


def _open(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as picture:
        return picture.convert("RGB")
