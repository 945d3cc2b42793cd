from playground.artifacts.extraction import fences
from playground.artifacts.extraction.blocks import CodeBlock, FileBlock, Name
from playground.artifacts.extraction.candidates import HEAD, Head, Verdict, judge
from playground.artifacts.extraction.fences import Fence
from playground.artifacts.extraction.modes import Mode, Move, Next
from playground.artifacts.extraction.names import normal_language, read_heading
from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.source import Source


class HeadBlock(Mode):
    """A fenced block that has not shown yet what it is: its lines are held back until it has."""

    def __init__(self, fence: Fence, line: str, output: Output, claimed: Name | None = None) -> None:
        self._fence = fence
        self._line = line
        self._body = ""
        self._raw = ""
        self._heading = output.heading
        self._language, path = fence.read_info()
        if claimed:
            self._language = normal_language(self._language) or claimed.language
        self._path = (claimed.path if claimed else path) or read_heading(self._heading, self._language)
        output.forget_heading()

    def step(self, source: Source, output: Output) -> Next:
        """Collect a line, or as much of one as there is room for, and look again."""
        room = HEAD - len(self._raw)
        end = source.rest.find("\n", 0, room) + 1
        if not end and len(source.rest) < room and not source.is_end:
            return Move.WAIT
        line = source.rest[: end or room]
        if self._closes(line, source):
            return self._settle(source, output, is_closed=True)
        source.take(len(line))
        self._raw += line
        self._body += self._fence.dedent(line)
        return self._settle(source, output, is_closed=source.is_end and not source.rest)

    def _closes(self, line: str, source: Source) -> bool:
        inner = fences.read_inner(line) if line.endswith("\n") or source.is_end else None
        return inner is not None and self._fence.matches(inner) and not inner.info

    def _settle(self, source: Source, output: Output, *, is_closed: bool) -> Next:
        is_full = is_closed or len(self._raw) >= HEAD
        head = Head(self._language, self._path, self._heading, self._body, is_closed, is_full)
        judgement = judge(head, output)
        if judgement is Verdict.OPEN and not is_full:
            return Move.STAY
        source.give_back(self._raw)
        if isinstance(judgement, Name):
            return FileBlock(output, judgement, self._fence)
        if judgement is Verdict.STRUCTURE:
            output.owes_fence = True
            output.wrapping = self._fence
            output.edited = self._path
            return Move.BACK
        output.add_prose(self._line)
        return CodeBlock(self._fence, normal_language(self._language))

    def finish(self, source: Source, output: Output) -> Next:
        return self._settle(source, output, is_closed=True)
