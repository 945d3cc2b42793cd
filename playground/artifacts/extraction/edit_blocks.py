from playground.artifacts.extraction import edits
from playground.artifacts.extraction.edits import LONGEST_MARKER, EditOpened, ReplaceDelta, ReplaceOpened, SearchDelta
from playground.artifacts.extraction.fences import Fence
from playground.artifacts.extraction.modes import Mode, Move, Next
from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.reasoning import find_lone_end, line_of, may_end
from playground.artifacts.extraction.source import Source


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
        if self._is_replacing and edits.is_closing(line):
            source.take(len(line))
            output.close_edit(complete=True)
            return Move.BACK
        return None

    def _write(self, output: Output, text: str) -> None:
        if text:
            output.add_edit(ReplaceDelta(text) if self._is_replacing else SearchDelta(text))
