from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice

from pydantic import Field

from agents.tools.tool import Arguments, Bench, Result, Tool, Trouble
from agents.wording import MAX_RESULT, clean, count, fence, shorten
from agents.workspace import Workspace

MAX_LINES = 400
MAX_HITS = 50
MAX_LINE = 300  # characters of a hit


class ListFiles(Arguments):
    glob: str = Field(description="Which files, such as * or js/*.")


class ReadFile(Arguments):
    path: str
    start_line: int = Field(1, ge=1, description="From 1.")
    end_line: int | None = Field(None, ge=1)


class Search(Arguments):
    """Not for a regular expression: one that a model makes up can take for ever."""

    text: str = Field(min_length=1, max_length=200, description="A part of a line. Upper and lower case are the same.")
    glob: str = Field("*", description="In which files.")


async def list_files(given: ListFiles, bench: Bench) -> Result:
    sizes = {path: size for path, size in bench.files.sizes().items() if fnmatchcase(path, given.glob)}
    lines = [f"{path}  {size} bytes" for path, size in sizes.items()]
    return Result("\n".join(lines) or "There are no such files.", count(len(lines), "file"))


async def read_file(given: ReadFile, bench: Bench) -> Result:
    lines = read_text(bench.files, given.path).split("\n")
    last = min(given.end_line or len(lines), given.start_line + MAX_LINES - 1, len(lines))
    shown = number_lines(lines, given.start_line, last)
    head = f"{given.path}, lines {given.start_line} to {last} of {len(lines)}:"
    return Result(f"{head}\n{fence(shorten(shown, MAX_RESULT))}", f"{given.path}, {count(len(lines), 'line')}")


async def search(given: Search, bench: Bench) -> Result:
    hits = list(islice(_search(bench.files, given.text, given.glob), MAX_HITS))
    return Result(fence("\n".join(hits)) if hits else "It stands nowhere.", count(len(hits), "hit"))


def read_text(files: Workspace, path: str) -> str:
    try:
        return files.read(path).decode()
    except UnicodeDecodeError:
        raise Trouble(f"{path} is no text.") from None


def number_lines(lines: list[str], first: int, last: int) -> str:
    return "\n".join(f"{number:>5}  {lines[number - 1]}" for number in range(first, last + 1))


def _search(files: Workspace, sought: str, glob: str) -> Iterator[str]:
    for path in files.sizes():
        if not fnmatchcase(path, glob):
            continue
        text = files.read(path).decode(errors="replace")
        for number, line in enumerate(text.split("\n"), 1):
            if (found := line.casefold().find(sought.casefold())) >= 0:
                start = max(0, found - MAX_LINE // 2)
                yield f"{path}:{number}: {clean(line[start : start + MAX_LINE])}"


LIST_FILES = Tool("list_files", "The files that there are, with their sizes.", ListFiles, list_files)
READ_FILE = Tool("read_file", f"Up to {MAX_LINES} lines of a file, with their numbers.", ReadFile, read_file)
SEARCH = Tool("search", "The lines in which a text stands.", Search, search)
