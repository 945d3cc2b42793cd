"""Server-sent events, read in bounded memory and without I/O."""

from collections.abc import Iterable, Iterator


class Oversized(Exception):
    """An event, or a line that never ends, is larger than the reader may hold."""


class EventReader:
    """Takes bytes as they come and gives the data of each complete event.

    Comments (the keep-alive pings of some servers) and other fields are passed over, and what the end of
    the stream cuts off is no event: both as the standard says. Lines end in LF or CRLF. The client
    library's own reader holds whatever is sent, and does not tell `[DONE]` from a dropped connection.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit  # bytes
        self._line = bytearray()  # as far as it has come
        self._data: list[bytes] = []  # the lines of the event
        self._held = 0  # bytes in them

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Raises Oversized."""
        first, *others = chunk.split(b"\n")
        self._line += first
        if others:
            lines = [bytes(self._line), *others]
            self._line = bytearray(lines.pop())
            for line in lines:
                yield from self._take(line.removesuffix(b"\r"))
        if len(self._line) + self._held > self._limit:
            raise Oversized

    def _take(self, line: bytes) -> Iterable[bytes]:
        """The event that ends with this line."""
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
            self._held += len(line)
        elif not line and self._data:
            data, self._data, self._held = b"\n".join(self._data), [], 0
            return (data,) if data else ()
        return ()
