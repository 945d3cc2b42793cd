"""What this process has at hand, so that a page that many open costs no look into database and files."""

import time
from collections import OrderedDict
from threading import Lock


class Memory[Key, Value]:
    """Keeps what was used last, up to a total size."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """What is larger than an eighth of the room is not worth what it would push out."""
        if size > self._room // 8:
            return
        with self._lock:
            self._drop(key)
            self._values[key] = (value, size)
            self._used += size
            while self._used > self._room:
                self._drop(next(iter(self._values)))

    def forget(self, key: Key) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        if key in self._values:
            self._used -= self._values.pop(key)[1]


class Glance[Key, Value]:
    """Keeps a value for so short that it is as good as looked up anew, though many ask at once."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._memory = Memory[Key, tuple[float, Value]](most)

    def get(self, key: Key) -> Value | None:
        kept = self._memory.get(key)
        return kept[1] if kept and time.monotonic() - kept[0] < self._seconds else None

    def put(self, key: Key, value: Value) -> None:
        self._memory.put(key, (time.monotonic(), value), 1)

    def forget(self, key: Key) -> None:
        self._memory.forget(key)
