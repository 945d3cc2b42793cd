from abc import ABC, abstractmethod
from enum import Enum, auto

from playground.artifacts.extraction.output import Output
from playground.artifacts.extraction.source import Source


class Move(Enum):
    WAIT = auto()  # more text is needed first
    STAY = auto()
    BACK = auto()  # to prose
    WITHDRAW = auto()  # to prose, and what came before was reasoning


class Mode(ABC):
    """What the answer is in the middle of. An answer that ends in an `is_open` one has been cut off."""

    @property
    def is_open(self) -> bool:
        return True

    @abstractmethod
    def step(self, source: Source, output: Output) -> "Next":
        """Take the next piece of the source."""

    def finish(self, source: Source, output: Output) -> "Next":
        """No more text comes: decide what is still open, with all of the source taken."""
        return Move.WAIT

    def close(self, output: Output) -> None:  # noqa: B027 - most modes have nothing open
        """The answer, or the reasoning that this belongs to, is over."""


type Next = Mode | Move
