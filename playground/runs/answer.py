from collections.abc import Mapping

from agents.llm.types import Answered, Finished, Reasoning, StreamPart, Text, TokenUsage
from playground.artifacts.edits.editor import Editor, FailedEdit
from playground.artifacts.extraction import Extractor, Part
from playground.artifacts.extraction.companions import link_companions
from playground.protocol import ModelAnswered, ReasoningDelta, SegmentStarted, Usage
from playground.runs.continuation import Seam
from playground.runs.writer import LogWriter

CHARS_PER_TOKEN = 4  # for the estimate, where a server reports no usage


class Answer:
    """A model's answer as it comes in, in one segment or several: its parts go to the log as events, its files are kept
    for the version.
    """

    def __init__(self, writer: LogWriter, base: Mapping[str, str]) -> None:
        """`base`: the text files that the wish goes on from, for edits of them."""
        self.model = ""
        self.reason: str | None = None
        self._writer = writer
        self._extractor = Extractor()
        self._editor = Editor(base)
        self._seam: Seam | None = None
        self._usages: list[TokenUsage] = []
        self._texts: list[str] = []
        self._checkpointed = 0  # characters of the text
        self._length = 0

    def take(self, part: StreamPart) -> None:
        match part:
            case Answered(model):
                self._note_model(model)
            case Text(text):
                self._read(self._seam.feed(text) if self._seam else text)
            case Reasoning(text):
                self._length += len(text)
                self._writer.add(ReasoningDelta(text=text))
            case TokenUsage():
                self._usages.append(part)
            case Finished(reason):
                self.reason = reason

    def continue_here(self) -> None:
        """What comes next goes on from the text so far, and may repeat its end."""
        self.end_segment()
        self._seam = Seam(self.text, is_in_block=self.is_in_file)
        self._writer.add(SegmentStarted(reason="continue"))

    def mend(self, reason: str) -> None:
        """What comes next mends what did not apply: a text of its own."""
        self.end_segment()
        self._record([*self._extractor.finish()])
        self._extractor = Extractor()
        self._writer.add(SegmentStarted.model_validate({"reason": reason}))

    def end_segment(self) -> None:
        """No more parts come for now."""
        self.reason = None
        if self._seam:
            seam, self._seam = self._seam, None
            self._read(seam.finish())

    def close(self) -> None:
        """No more parts come: settle what the extractor holds back."""
        self.end_segment()
        self._record(self._extractor.finish())
        self._writer.add(*self._editor.close())

    def take_failed(self) -> list[FailedEdit]:
        return self._editor.take_failed()

    @property
    def text(self) -> str:
        """The model's own words so far."""
        self._texts = ["".join(self._texts)]
        return self._texts[0]

    @property
    def is_in_file(self) -> bool:
        """The text has stopped in the middle of a file, or of an edit of one."""
        return self._extractor.is_in_file

    @property
    def shown(self) -> dict[str, bytes]:
        """What was written or changed, as the live preview has shown it."""
        return {path: text.encode() for path, text in self._editor.files.items() if text.strip()}

    @property
    def files(self) -> dict[str, bytes]:
        """What goes into a version: with style sheets and scripts that the model gave apart linked into their page."""
        return join_files(self.texts, self.shown)

    @property
    def texts(self) -> dict[str, str]:
        """The files as they stand, changed or not."""
        return self._editor.texts

    def usage(self, prompt_length: int) -> Usage:
        """`prompt_length` in characters, for the estimate."""
        if self._usages:
            return Usage(
                input_tokens=sum(usage.input_tokens for usage in self._usages),
                output_tokens=sum(usage.output_tokens for usage in self._usages),
            )
        return Usage(
            input_tokens=prompt_length // CHARS_PER_TOKEN,
            output_tokens=self._length // CHARS_PER_TOKEN,
            estimated=True,
        )

    def take_text(self) -> str:
        """The model's own text since the last call, for the checkpoint."""
        text, self._checkpointed = self.text[self._checkpointed :], len(self.text)
        return text

    def _note_model(self, model: str) -> None:
        if model != self.model:
            self.model = model
            self._writer.add(ModelAnswered(model=model))

    def _read(self, text: str) -> None:
        self._texts.append(text)
        self._length += len(text)
        self._record(self._extractor.feed(text))

    def _record(self, parts: list[Part]) -> None:
        for part in parts:
            self._writer.add(*self._editor.take(part))


def join_files(texts: Mapping[str, str], shown: Mapping[str, bytes]) -> dict[str, bytes]:
    """`shown`, and what linking its style sheets and scripts changes in `texts`, which are all files as they stand."""
    linked = link_companions(texts, shown)
    return {**shown, **{path: text.encode() for path, text in linked.items() if text != texts[path]}}
