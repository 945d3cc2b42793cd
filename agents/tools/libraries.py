from pydantic import Field

from agents.tools.tool import Arguments, Bench, Result, Tool, Trouble
from agents.wording import clean


class AddLibrary(Arguments):
    name: str = Field(
        min_length=1, max_length=100, description="As on npm, such as three, chart.js, d3, tone or matter-js."
    )
    version: str = Field("", max_length=40, description="An exact one, if it matters.")


async def add_library(given: AddLibrary, bench: Bench) -> Result:
    if bench.find_library is None:
        raise Trouble("There are no libraries here: write what you need yourself.")
    try:
        use = await bench.find_library(given.name, given.version)
    except LookupError as error:
        raise Trouble(f"There is no {clean(given.name)} {clean(given.version)} here. {error}".strip()) from error
    return Result(use, f"{clean(given.name)} {clean(given.version)}".strip())


ADD_LIBRARY = Tool("add_library", "How the page uses a library that is kept here.", AddLibrary, add_library)
