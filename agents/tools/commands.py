from pydantic import Field

from agents.sandbox import run_command as run_behind_walls
from agents.tools.tool import Arguments, Bench, Result, Tool
from agents.wording import MAX_RESULT, clean, fence, shorten, summarise

LONGEST = 60  # seconds


class RunCommand(Arguments):
    argv: tuple[str, ...] = Field(min_length=1, max_length=50, description='Such as ["node", "--check", "game.js"].')
    timeout_s: int = Field(20, ge=1, le=LONGEST)


async def run_command(given: RunCommand, bench: Bench) -> Result:
    output = await run_behind_walls(given.argv, bench.files.root, given.timeout_s)
    end = output.why or f"It ended with code {output.code}."
    said = fence(shorten(clean(output.text), MAX_RESULT)) if output.text else "It wrote nothing."
    return Result(f"{end}\n{said}", summarise(f"{' '.join(given.argv)}: {end}"))


RUN_COMMAND = Tool(
    "run_command",
    "Run a program over the files, such as node --check or a test. It has no network and cannot change the files.",
    RunCommand,
    run_command,
)
