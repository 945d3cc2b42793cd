"""Server-sent events, read in bounded memory and without I/O."""

_BEGIN = b"data: "


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

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that end in this chunk. Raises Oversized."""
        if not self._line and not self._data and (events := _read_whole(chunk)):
            return events
        *lines, rest = chunk.split(b"\n")
        events = []
        if lines:
            lines[0] = bytes(self._line) + lines[0]
            self._line.clear()
        for line in lines:
            if line.endswith(b"\r"):
                line = line[:-1]
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
                self._held += len(line)
            elif not line:
                events.append(b"\n".join(self._data))
                self._data, self._held = [], 0
        self._line += rest
        if len(self._line) + self._held > self._limit:
            raise Oversized
        return [event for event in events if event]


def _read_whole(chunk: bytes) -> list[bytes]:
    """The events of a chunk of which each is one line and whole, as nearly all servers send them; none of another."""
    if not (chunk.startswith(_BEGIN) and chunk.endswith(b"\n\n")) or b"\r" in chunk:
        return []
    events = chunk[len(_BEGIN) : -2].split(b"\n\n" + _BEGIN)
    return events if chunk.count(b"\n") == 2 * len(events) and all(events) else []
