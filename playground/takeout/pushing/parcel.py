"""What is pushed: the self-contained page, the recipe, and the sources in a folder of their own."""

from dataclasses import dataclass

from playground.artifacts.files import read_file
from playground.artifacts.models import Version
from playground.takeout.archive import recipe_json
from playground.takeout.recipe import Recipe

SOURCE = "source"  # the folder


@dataclass(frozen=True, slots=True)
class Parcel:
    title: str
    files: dict[str, bytes]  # at the root
    sources: dict[str, bytes]  # in their folder
    readme: str  # for a place that is new


def make_parcel(version: Version, page: bytes, recipe: Recipe) -> Parcel:
    files = {"index.html": page, "RECIPE.md": recipe.card.encode(), "recipe.json": recipe_json(recipe)}
    title = version.artifact.title
    return Parcel(title, files, {path: read_file(file) for path, file in version.files.items()}, _readme(title, recipe))


def _readme(title: str, recipe: Recipe) -> str:
    return (
        f"# {title}\n\n`index.html` is the whole page in one file; it needs no network. What it was made of is in"
        f" `{SOURCE}/`, how it came about in [RECIPE.md](RECIPE.md).\n\nMade with Playground:"
        f" {recipe.facts['permalink']}\n"
    )
