"""What takes too long ends in a TimeoutError, as with `asyncio.timeout`: for many short waits in a row."""

import asyncio
from types import TracebackType
from typing import Self


class Waits:
    """Of one task: `with waits.within(seconds)` around what it awaits, one at a time.

    A timer is left to run from one wait to the next, and looks then what is awaited: one for each wait costs more than
    what most waits bring.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end: float | None = None  # of the present wait
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0  # when the timer looks
        self._task: asyncio.Task[object] | None = None
        self._cancels = 0  # that somebody else asked for
        self._is_late = False

    def within(self, seconds: float) -> Self:
        self._end = self._loop.time() + seconds
        if self._timer is None or self._end < self._due:
            self._set(self._end)
        return self

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        assert self._task
        self._cancels = self._task.cancelling()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end = None
        if self._is_late:
            self._is_late = False
            assert self._task
            if self._task.uncancel() <= self._cancels and kind is asyncio.CancelledError:
                raise TimeoutError from error

    def _set(self, due: float) -> None:
        self.close()
        self._due = due
        self._timer = self._loop.call_at(due, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._end is None:
            return
        if self._end > self._loop.time():
            self._set(self._end)
        elif self._task:
            self._is_late = True
            self._task.cancel()
