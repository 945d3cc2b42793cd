from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.utils import timezone

from agents.llm.types import Answered, Finished, Reasoning, StreamPart, Text, TokenUsage
from playground.artifacts.edits.editor import Editor, FailedEdit
from playground.artifacts.extraction import Extractor, Part
from playground.artifacts.extraction.companions import link_companions
from playground.protocol import ModelAnswered, ReasoningDelta, SegmentStarted, Usage
from playground.runs.checkpoints import MEND
from playground.runs.continuation import Seam
from playground.runs.writer import LogWriter

type GoesOn = Literal["continue", "resume", "branch"]
CHARS_PER_TOKEN = 4  # for the estimate, where a server reports no usage


class Answer:
    """A model's answer as it comes in, in one segment or several: its parts go to the log as events, its files are kept
    for the version.
    """

    def __init__(self, writer: LogWriter, base: Mapping[str, str]) -> None:
        """`base`: the text files that the wish goes on from, for edits of them."""
        self.model = ""
        self.reason: str | None = None
        self.began_at: datetime | None = None  # when the model's first words came
        self.prompt_tokens = 0  # estimated, for where a server reports no usage
        self._writer = writer
        self._extractor = Extractor()
        self._editor = Editor(base)
        self._seam: Seam | None = None
        self._usages: list[TokenUsage] = []
        self._texts: list[str] = []
        self._length = 0
        self._unreported = 0  # characters since the latest usage: of a request that was cut, the server reports none

    def take(self, part: StreamPart) -> None:
        match part:
            case Text(text):  # nearly always
                self._hear(text)
                self._read(self._seam.feed(text) if self._seam else text)
            case Answered(model):
                self._note_model(model)
            case Reasoning(text):
                self._hear(text)
                self._length += len(text)
                self._writer.add(ReasoningDelta(text=text))
            case TokenUsage():
                self._usages.append(part)
                self._unreported = 0
            case Finished(reason):
                self.reason = reason

    def receive(self, text: str) -> None:
        """What an earlier run, or an earlier holder of this one, had received: its text as it noted it."""
        first, *others = text.split(MEND)
        self._read(first)
        for part in others:
            self._begin_anew()
            self._read(part)

    def continue_here(self, reason: GoesOn) -> None:
        """What comes next goes on from the text so far, and may repeat its end."""
        self.end_segment()
        self._seam = Seam(self.text, is_in_block=self.is_in_file)
        self._writer.add(SegmentStarted(reason=reason))

    def mend(self, reason: str) -> None:
        """What comes next mends what did not apply: a text of its own."""
        self.end_segment()
        self._begin_anew()
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

    @property
    def usage(self) -> Usage:
        if self._usages:
            is_cut = self._unreported > 0
            return Usage(
                input_tokens=sum(usage.input_tokens for usage in self._usages) + is_cut * self.prompt_tokens,
                output_tokens=sum(usage.output_tokens for usage in self._usages) + self._unreported // CHARS_PER_TOKEN,
                estimated=is_cut,
            )
        return Usage(
            input_tokens=self.prompt_tokens,
            output_tokens=self._length // CHARS_PER_TOKEN,
            estimated=True,
        )

    def _hear(self, text: str) -> None:
        self.began_at = self.began_at or timezone.now()
        self._unreported += len(text)

    def _note_model(self, model: str) -> None:
        if model != self.model:
            self.model = model
            self._writer.add(ModelAnswered(model=model))

    def _begin_anew(self) -> None:
        self._record([*self._extractor.finish()])
        self._extractor = Extractor()
        self._writer.note(MEND)

    def _read(self, text: str) -> None:
        text = text.replace(MEND, "")
        self._texts.append(text)
        self._writer.note(text)
        self._length += len(text)
        self._record(self._extractor.feed(text))

    def _record(self, parts: list[Part]) -> None:
        for part in parts:
            self._writer.add(*self._editor.take(part))


def join_files(texts: Mapping[str, str], shown: Mapping[str, bytes]) -> dict[str, bytes]:
    """`shown`, and what linking its style sheets and scripts changes in `texts`, which are all files as they stand."""
    linked = link_companions(texts, shown)
    return {**shown, **{path: text.encode() for path, text in linked.items() if text != texts[path]}}
