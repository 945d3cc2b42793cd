from collections.abc import Sequence
from difflib import get_close_matches, unified_diff

from pydantic import BaseModel, Field

from agents.edits import Missing, apply_edit
from agents.tools.reading import number_lines, read_text
from agents.tools.tool import Arguments, Bench, Result, Tool, Trouble
from agents.wording import MAX_RESULT, count, fence, shorten
from agents.workspace import Denied, checked_path

WRITING = ("write_file", "edit_file", "move_file", "delete_file")
MAX_DIFF = 4_000  # characters
MAX_COMPARED = 20_000  # lines; beyond that comparing takes too long
PATIENCE = 2  # failed edits of a file, after which all of it is shown


class WriteFile(Arguments):
    path: str = Field(description="Relative, such as index.html or js/game.js.")
    content: str = Field(description="The whole file.")


class Replacement(BaseModel):
    old: str = Field(description="Whole lines as they are now, as many as stand only once in the file.")
    new: str = Field(description="The lines that take their place.")
    replace_all: bool = Field(False, description="Replace each place where the text stands.")


class EditFile(Arguments):
    path: str
    edits: tuple[Replacement, ...] = Field(min_length=1, max_length=50, description="All are applied, or none.")


class MoveFile(Arguments):
    path: str
    to: str


class DeleteFile(Arguments):
    path: str


async def write_file(given: WriteFile, bench: Bench) -> Result:
    path = checked_path(given.path)
    is_new = path not in bench.files.sizes()
    bench.files.write(path, given.content.encode(errors="replace"))
    size = count(len(given.content.split("\n")), "line")
    return Result(f"{path} is written: {size}.", f"{path}, {'new, ' if is_new else ''}{size}")


async def edit_file(given: EditFile, bench: Bench) -> Result:
    path = checked_path(given.path)
    before = read_text(bench.files, path)
    after = before
    for number, edit in enumerate(given.edits, 1):
        changed = _replace(after, edit)
        if isinstance(changed, Missing):
            raise Trouble(_explain(path, after, edit, number, changed.found, bench.failed_edits.get(path, 0)))
        after = changed
    if after == before:
        raise Trouble(f"Nothing would change in {path}: the new lines are the old ones.")
    bench.files.write(path, after.encode(errors="replace"))
    changes = _compare(before.splitlines(), after.splitlines())
    added, removed = (sum(line.startswith(sign) for line in changes) for sign in "+-")
    return Result(f"{path} is changed:\n{shorten('\n'.join(changes), MAX_DIFF)}", f"{path} +{added} −{removed}")


async def move_file(given: MoveFile, bench: Bench) -> Result:
    path, to = checked_path(given.path), checked_path(given.to)
    if to in bench.files.sizes():
        raise Denied(f"There is a file {to} already.")
    content = bench.files.read(path)
    bench.files.delete(path)
    bench.files.write(to, content)
    return Result(f"{path} is {to} now. Mind the places that name it.", f"{path} → {to}")


async def delete_file(given: DeleteFile, bench: Bench) -> Result:
    path = checked_path(given.path)
    bench.files.delete(path)
    return Result(f"{path} is deleted.", path)


def _compare(before: Sequence[str], after: Sequence[str]) -> list[str]:
    if len(before) + len(after) > MAX_COMPARED:
        return []
    return list(unified_diff(before, after, lineterm="", n=2))[2:]


def _replace(text: str, edit: Replacement) -> str | Missing:
    if edit.replace_all and edit.old and edit.old in text:
        return text.replace(edit.old, edit.new)
    return apply_edit(text, edit.old, edit.new)


def _explain(path: str, text: str, edit: Replacement, number: int, found: int, failures: int) -> str:
    lines = text.split("\n")
    where = f"in {found} places" if found else "nowhere"
    head = f"No edit of {path} was made: the old text of edit {number} stands {where}."
    if failures >= PATIENCE:
        whole = shorten(number_lines(lines, 1, len(lines)), MAX_RESULT)
        return f"{head} This is the file as it is; rather write it as a whole with write_file:\n{fence(whole)}"
    if found:
        return f"{head} Copy more of the lines around it, so that only one place is meant."
    nearest = _find_nearest(lines, edit.old)
    if nearest is None:
        return f"{head} Read the file again."
    around = number_lines(lines, max(1, nearest - 3), min(len(lines), nearest + 4))
    return f"{head} The nearest lines are:\n{fence(around)}"


def _find_nearest(lines: Sequence[str], old: str) -> int | None:
    """The number of the line most like the first of the old text, or the one after, that says something."""
    if len(lines) > MAX_COMPARED:
        return None
    for sought in [line.strip() for line in old.split("\n") if len(line.strip()) > 3][:3]:
        stripped = [line.strip() for line in lines]
        if close := get_close_matches(sought[:200], stripped, 1, 0.6):
            return stripped.index(close[0]) + 1
    return None


WRITE_FILE = Tool("write_file", "Write a whole file, new or not.", WriteFile, write_file)
EDIT_FILE = Tool("edit_file", "Replace lines of a file.", EditFile, edit_file)
MOVE_FILE = Tool("move_file", "Rename a file.", MoveFile, move_file)
DELETE_FILE = Tool("delete_file", "Delete a file.", DeleteFile, delete_file)
