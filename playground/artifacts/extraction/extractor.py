from playground.artifacts.extraction.harmony import Channels, Segment
from playground.artifacts.extraction.modes import Mode, Move
from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.parts import Part
from playground.artifacts.extraction.prose import Prose
from playground.artifacts.extraction.reasoning import Reasoning
from playground.artifacts.extraction.source import Source
from playground.protocol import ReasoningDelta, TextDelta


class Extractor:
    """Feed it an answer; it gives the parts. Nothing that it does depends on where the chunks begin and end."""

    def __init__(self, *, falls_back: bool = True) -> None:
        self._falls_back = falls_back
        self._source = Source()
        self._output = Output()
        self._channels = Channels()
        self._prose = Prose()
        self._mode: Mode = self._prose

    def feed(self, text: str) -> list[Part]:
        """The parts that `text` brings. Concatenated over all chunks they are the same for every chunking."""
        for line in self._source.lines(text):
            self._take(self._channels.feed(line))
        return self._output.drain()

    def finish(self) -> list[Part]:
        """The answer is over. A file that is still open is closed, complete only if it is a page that has ended."""
        for line in self._source.last_lines():
            self._take(self._channels.feed(line))
        self._take(self._channels.finish())
        is_open = self._channels.is_reasoning or isinstance(self._mode, Reasoning)
        self._conclude()
        parts = self._output.drain()
        is_left = self._output.has_files or (self._output.has_prose and not is_open)
        return parts if is_left or not self._falls_back else [*parts, *self._read_reasoning()]

    @property
    def is_in_file(self) -> bool:
        """The text so far stops in the middle of a file, or of an edit of one."""
        return self._mode.is_open

    def _take(self, segments: list[Segment]) -> None:
        for segment in segments:
            if segment.is_withdrawal:
                self._conclude()
                self._output.withdraw()
            elif segment.is_reasoning:
                self._output.add_reasoning(segment.text)
            else:
                self._source.rest += segment.text
                self._drain()

    def _drain(self) -> None:
        while self._source.rest:
            following = self._mode.step(self._source, self._output)
            if following is Move.WAIT:
                return
            if following is not Move.STAY:
                self._go_on(following)

    def _go_on(self, following: Mode | Move) -> None:
        if following is Move.WITHDRAW:
            self._mode.close(self._output)
            self._output.withdraw()
        if following in (Move.WITHDRAW, Move.BACK):
            self._mode = self._prose
        elif isinstance(following, Mode):
            self._mode = following

    def _conclude(self) -> None:
        """Settle what is held back, and close what is open."""
        self._source.is_end = True
        self._drain()
        while (following := self._mode.finish(self._source, self._output)) is not Move.WAIT:
            self._go_on(following)
            self._drain()
        self._mode.close(self._output)
        self._mode = self._prose
        self._source.is_end = False

    def _read_reasoning(self) -> list[Part]:
        """Nothing but reasoning came: the best page is the one in there. Its prose has been told already."""
        extractor = Extractor(falls_back=False)
        parts = [*extractor.feed(self._output.reasoning()), *extractor.finish()]
        return [part for part in parts if not isinstance(part, TextDelta | ReasoningDelta)]
