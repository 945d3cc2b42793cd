import asyncio
from collections.abc import AsyncGenerator, Sequence

from agents.llm.types import Answered, ChatRequest, Finished, StreamPart, Text


class Scripted:
    """A provider that plays a script: parts as they are, strings as text, exceptions raised. Records its requests.

    What every good stream begins and ends with need not be written: `Scripted(["Hello"])` is a whole answer.
    """

    def __init__(self, script: Sequence[StreamPart | str | Exception], delay: float = 0.0) -> None:
        self.requests: list[ChatRequest] = []
        self._script = script
        self._delay = delay  # seconds before each part

    async def can_prefill(self) -> bool:
        return False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamPart]:
        self.requests.append(request)
        if not any(isinstance(part, Answered) for part in self._script):
            yield Answered(request.model)
        for part in self._script:
            await asyncio.sleep(self._delay)
            if isinstance(part, Exception):
                raise part
            yield Text(part) if isinstance(part, str) else part
        if not any(isinstance(part, Finished) for part in self._script):
            yield Finished("stop")


class Turns:
    """A provider that plays one script after the other, and the last again and again. Records its requests."""

    def __init__(self, *scripts: Sequence[StreamPart | str | Exception], delay: float = 0.0) -> None:
        self.requests: list[ChatRequest] = []
        self._scripts = scripts
        self._delay = delay

    async def can_prefill(self) -> bool:
        return False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamPart]:
        self.requests.append(request)
        script = self._scripts[min(len(self.requests), len(self._scripts)) - 1]
        async for part in Scripted(script, self._delay).stream(request):
            yield part
