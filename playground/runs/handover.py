"""SIGTERM: no new runs here. Those that are written here are handed over, and then the process ends as ever."""

import asyncio
import os
import signal
import threading
from types import FrameType

PATIENCE = 6.0  # seconds until the process ends in any case


class Handover:
    """The producers of this process, and whether they are to let go."""

    def __init__(self) -> None:
        self.is_draining = False
        self._producers: dict[asyncio.Task[object], asyncio.Task[object]] = {}  # by what they wait for
        self._is_watching = False

    def join(self, receiving: asyncio.Task[object]) -> None:
        """The current task produces what `receiving` brings. When that is cancelled while we drain, it hands over."""
        producer = asyncio.current_task()
        assert producer
        self._producers[receiving] = producer
        producer.add_done_callback(lambda _task: self._producers.pop(receiving, None))
        self._watch()

    def _watch(self) -> None:
        """Not before there is a run: servers set handlers of their own when they start."""
        if self._is_watching or threading.current_thread() is not threading.main_thread():
            return
        self._is_watching = True
        loop = asyncio.get_running_loop()
        before = signal.getsignal(signal.SIGTERM)

        def drain(number: int, frame: FrameType | None) -> None:
            self.is_draining = True
            signal.signal(signal.SIGTERM, before)
            loop.call_soon_threadsafe(lambda: loop.create_task(self._drain()))

        signal.signal(signal.SIGTERM, drain)

    async def _drain(self) -> None:
        producers = set(self._producers.values())
        for receiving in list(self._producers):
            receiving.cancel()
        if producers:
            await asyncio.wait(producers, timeout=PATIENCE)
        os.kill(os.getpid(), signal.SIGTERM)


handover = Handover()
