"""Server-sent events, read in bounded memory and without I/O."""

from collections.abc import Iterator


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
        self._line = bytearray()
        self._data = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Raises Oversized."""
        first, *others = chunk.split(b"\n")
        self._line += first
        for other in others:
            yield from self._end_line()
            self._line += other
        if len(self._line) + len(self._data) > self._limit:
            raise Oversized

    def _end_line(self) -> Iterator[bytes]:
        line = bytes(self._line).removesuffix(b"\r")
        self._line.clear()
        if not line:
            data = bytes(self._data).removesuffix(b"\n")
            self._data.clear()
            if data:
                yield data
        elif line.startswith(b"data:"):
            self._data += line[5:].removeprefix(b" ") + b"\n"
