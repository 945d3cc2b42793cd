import re
from functools import lru_cache, reduce

_PIECE = re.compile(r"[^\n]{0,2000}\n|[^\n]{1,2000}")


class Source:
    """The text that is not decided yet: LF line ends, no byte order mark, added a line at a time."""

    def __init__(self) -> None:
        self.rest = ""
        self.is_end = False
        self.is_inside_line = False  # the beginning of the present line has been taken
        self._carriage = ""
        self._is_first = True

    def lines(self, text: str) -> list[str]:
        """The pieces of `text` in which it is to be added, so that `rest` stays short."""
        return _PIECE.findall(self._normalise(text))

    def last_lines(self) -> list[str]:
        """What was waiting for the text behind it."""
        self._carriage, waiting = "", self._carriage
        return ["\n"] if waiting else []

    @property
    def piece(self) -> str:
        """The present line as far as it is there."""
        end = self.rest.find("\n") + 1
        return self.rest[:end] if end else self.rest

    @property
    def is_whole(self) -> bool:
        return self.is_end or "\n" in self.rest

    def take(self, length: int) -> str:
        taken, self.rest = self.rest[:length], self.rest[length:]
        self.is_inside_line = not taken.endswith("\n") if taken else self.is_inside_line
        return taken

    def skip(self, length: int) -> None:
        """Take structure: what stands behind it counts as the beginning of a line."""
        self.rest = self.rest[length:]
        self.is_inside_line = False

    def give_back(self, text: str) -> None:
        """Put lines that were taken in front again."""
        self.rest = text + self.rest
        self.is_inside_line = False

    def _normalise(self, text: str) -> str:
        """A CR at a chunk's end waits for what follows it."""
        if self._is_first and text:
            self._is_first = False
            text = text.removeprefix("\ufeff")
        text = self._carriage + text
        self._carriage = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r") if self._carriage else text
        return text.replace("\r\n", "\n").replace("\r", "\n")


def held_back(text: str, *tokens: str) -> int:
    """How many characters at the end of `text` may be the beginning of one of the (lower-case) tokens."""
    beginning, longest = _beginnings(tokens)
    found = beginning.search(text[-longest:].lower())
    return len(found[0]) if found else 0


@lru_cache(256)
def _beginnings(tokens: tuple[str, ...]) -> tuple[re.Pattern[str], int]:
    """Any of them at a text's end, and the length of the longest."""
    nested = (reduce(lambda rest, char: f"{char}(?:{rest})?", map(re.escape, token[-2::-1])) for token in tokens)
    return re.compile(rf"(?:{'|'.join(nested)})\Z"), max(map(len, tokens)) - 1
