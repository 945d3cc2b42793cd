"""What the model is told about the places that a wish points at. Pure."""

import re
from collections.abc import Mapping, Sequence

from playground.protocol import Place
from playground.runs.locating import Spot, locate

NUMBERS = "①②③④⑤⑥⑦⑧"
AROUND = 2  # lines of source after the one that is meant
LONGEST_LINE = 240


def tell_places(places: Sequence[Place], files: Mapping[str, str]) -> str:
    """`files` are those that made the page, if they are still as they were then."""
    return "\n\n".join(
        _tell(number, place, locate(place, files), files) for number, place in zip(NUMBERS, places, strict=False)
    )


def fence(text: str, info: str = "") -> str:
    """A fenced block that nothing in `text` can end."""
    ticks = "`" * max(4, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{info}\n{text}\n{ticks}"


def _tell(number: str, place: Place, spot: Spot | None, files: Mapping[str, str]) -> str:
    where = _where(spot) if files else ""
    told = f"{number} <{place.tag}>{where}\n\n{fence(_describe(place))}"
    return f"{told}\n\n{_quote(spot, files[spot.path])}" if spot else told


def _where(spot: Spot | None) -> str:
    if spot is None:
        return ", which a script makes, or which stands in the files more than once"
    return f", in {'what begins at ' if spot.is_around else ''}{spot.path}:{spot.line}"


def _describe(place: Place) -> str:
    box, window = place.box, place.window
    lines = {
        "page": place.page,
        "selector": place.path,
        "name": place.name,
        "text": place.text,
        "markup": place.html,
        "box": f"{box.width:.0f} × {box.height:.0f} px at {box.x:.0f}, {box.y:.0f}"
        f" in a window of {window.width:.0f} × {window.height:.0f}",
        "point": f"{place.point.x:.0f}, {place.point.y:.0f} px from its upper left corner" if place.point else "",
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)


def _quote(spot: Spot, text: str) -> str:
    lines = text.split("\n")[spot.line - 1 : spot.line + AROUND]
    return fence("\n".join(line[:LONGEST_LINE] for line in lines), spot.path.rpartition(".")[2])
