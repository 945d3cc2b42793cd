from dataclasses import dataclass

from playground.artifacts.extraction.edits import EditPart
from playground.protocol import FileClosed, FileDelta, FileOpened, ReasoningDelta, TextDelta


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Everything so far was reasoning: its files are decoys and count no more, its prose belongs to the reasoning.

    It comes where only the end of the reasoning is marked (`</think>` alone), once something follows that end.
    """


type FilePart = FileOpened | FileDelta | FileClosed
type Part = TextDelta | ReasoningDelta | FilePart | EditPart | Withdrawn
