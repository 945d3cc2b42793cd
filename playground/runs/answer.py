from agents.llm.types import Answered, Finished, Reasoning, StreamPart, Text, TokenUsage
from playground.artifacts.extraction import Extractor, Part
from playground.protocol import (
    FileDelta,
    FileOpened,
    ModelAnswered,
    ReasoningDelta,
    Usage,
)
from playground.runs.writer import LogWriter

CHARS_PER_TOKEN = 4  # for the estimate, where a server reports no usage


class Answer:
    """A model's answer as it comes in: its parts go to the log as events, its files are kept for the version."""

    def __init__(self, writer: LogWriter) -> None:
        self.model = ""
        self.reason: str | None = None
        self._writer = writer
        self._extractor = Extractor()
        self._usage: TokenUsage | None = None
        self._files: dict[str, list[str]] = {}
        self._uncheckpointed: list[str] = []
        self._length = 0

    def take(self, part: StreamPart) -> None:
        match part:
            case Answered(model):
                self.model = model
                self._writer.add(ModelAnswered(model=model))
            case Text(text):
                self._uncheckpointed.append(text)
                self._length += len(text)
                self._record(self._extractor.feed(text))
            case Reasoning(text):
                self._length += len(text)
                self._writer.add(ReasoningDelta(text=text))
            case TokenUsage():
                self._usage = part
            case Finished(reason):
                self.reason = reason

    def close(self) -> None:
        """No more parts come: settle what the extractor holds back."""
        self._record(self._extractor.finish())

    @property
    def files(self) -> dict[str, bytes]:
        files = {path: "".join(texts) for path, texts in self._files.items()}
        return {path: text.encode() for path, text in files.items() if text.strip()}

    def usage(self, prompt_length: int) -> Usage:
        """`prompt_length` in characters, for the estimate."""
        if self._usage:
            return Usage(input_tokens=self._usage.input_tokens, output_tokens=self._usage.output_tokens)
        return Usage(
            input_tokens=prompt_length // CHARS_PER_TOKEN,
            output_tokens=self._length // CHARS_PER_TOKEN,
            estimated=True,
        )

    def take_text(self) -> str:
        """The model's own text since the last call, for the checkpoint."""
        text = "".join(self._uncheckpointed)
        self._uncheckpointed.clear()
        return text

    def _record(self, events: list[Part]) -> None:
        for event in events:
            if isinstance(event, FileOpened):
                self._files[event.path] = []
            elif isinstance(event, FileDelta):
                self._files[event.path].append(event.text)
        self._writer.add(*events)
