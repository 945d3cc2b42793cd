import re

from playground.artifacts.extraction import edits
from playground.artifacts.extraction.edits import LONGEST_MARKER, EditOpened, ReplaceDelta, ReplaceOpened, SearchDelta
from playground.artifacts.extraction.fences import Fence
from playground.artifacts.extraction.modes import Mode, Move, Next
from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.reasoning import find_lone_end, line_of, may_end
from playground.artifacts.extraction.source import Source, held_back


class EditBlock(Mode):
    """From `<<<<<<< SEARCH` over `=======` to `>>>>>>> REPLACE`. Fences in it are text."""

    def __init__(self, output: Output, path: str | None, fence: Fence | None) -> None:
        self._fence = fence
        self._is_replacing = False
        output.add_edit(EditOpened(path))

    def close(self, output: Output) -> None:
        output.close_edit(complete=False)

    def step(self, source: Source, output: Output) -> Next:
        line = line_of(source, " ")
        if line.is_start and not line.is_whole and edits.may_be_marker(line.piece):
            return Move.WAIT
        if line.is_start and (tag := find_lone_end(line)) and not line.piece[: tag.start()].strip():
            source.skip(tag.end())
            return Move.WITHDRAW
        if line.is_start and line.is_whole and (following := self._step_marker(source, output, line.piece)):
            return following
        may_be_end = line.is_start and not line.is_whole and may_end(line.piece) == len(line.piece.lstrip(" \t"))
        held = len(line.piece) if may_be_end and len(line.piece) < LONGEST_MARKER else 0
        text = source.take(len(line.piece) - held)
        self._write(output, self._fence.dedent(text) if self._fence and line.is_start else text)
        return Move.WAIT if held else Move.STAY

    def _step_marker(self, source: Source, output: Output, line: str) -> Next | None:
        if not self._is_replacing and edits.is_divider(line):
            source.take(len(line))
            self._is_replacing = True
            output.add_edit(ReplaceOpened())
            return Move.STAY
        if edits.is_closing(line):
            source.take(len(line))
            output.close_edit(complete=self._is_replacing)
            return Move.BACK
        if edits.is_opening(line):  # the next edit: this one has no end
            output.close_edit(complete=False)
            return Move.BACK
        return None

    def _write(self, output: Output, text: str) -> None:
        if text:
            output.add_edit(ReplaceDelta(text) if self._is_replacing else SearchDelta(text))


_TAG = re.compile(r"<((?:old|new)_(?:str|string|text)|search|find|replace|replacement)>\n?", re.IGNORECASE)
_OLD = ("old_str", "old_string", "old_text", "search", "find")
_LONGEST_GAP = 200  # between the two texts


def read_old(start: str) -> re.Match[str] | None:
    match = _TAG.match(start)
    return match if match and match[1].lower() in _OLD else None


def may_be_tag(start: str) -> bool:
    """Whether text that begins like this may become one of the tags, with its line break."""
    if re.fullmatch(r"</?[a-z_]{0,11}", start, re.IGNORECASE):
        return True
    match = _TAG.match(start)
    return match is not None and match.end() == len(start) and not start.endswith("\n")


class TaggedEdit(Mode):
    """`<old_str>…</old_str><new_str>…</new_str>`, in an `<edit>`."""

    def __init__(self, output: Output, path: str | None, tag: str) -> None:
        self._end = f"</{tag.lower()}>"
        self._is_between = False
        self._is_replacing = False
        output.add_edit(EditOpened(path))

    def close(self, output: Output) -> None:
        output.close_edit(complete=False)

    def step(self, source: Source, output: Output) -> Next:
        return self._step_between(source, output) if self._is_between else self._step_text(source, output)

    def _step_text(self, source: Source, output: Output) -> Next:
        end = source.rest.lower().find(self._end)
        if end < 0:
            held = 0 if source.is_end else held_back(source.rest, self._end)
            self._write(output, source.take(len(source.rest) - held))
            return Move.WAIT
        self._write(output, source.take(end))
        source.skip(len(self._end))
        if self._is_replacing:
            output.close_edit(complete=True)
            return Move.BACK
        self._is_between = True
        return Move.STAY

    def _step_between(self, source: Source, output: Output) -> Next:
        start = source.rest.lstrip()
        blank = len(source.rest) - len(start)
        tag = _TAG.match(start)
        if not source.is_end and blank < _LONGEST_GAP and (not start or may_be_tag(start)):
            return Move.WAIT
        if tag is None or tag[1].lower() in _OLD:
            output.close_edit(complete=False)
            return Move.BACK
        source.skip(blank + tag.end())
        self._end = f"</{tag[1].lower()}>"
        self._is_between, self._is_replacing = False, True
        output.add_edit(ReplaceOpened())
        return Move.STAY

    def _write(self, output: Output, text: str) -> None:
        if text:
            output.add_edit(ReplaceDelta(text) if self._is_replacing else SearchDelta(text))
