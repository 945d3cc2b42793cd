import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream, DefaultAioHttpClient
from openai.types.chat import ChatCompletionChunk
from pydantic_core import from_json

from agents.errors import ProviderError
from agents.llm.body import Body, build, simplify
from agents.llm.collector import Collector, Json, has_choice
from agents.llm.failures import Failures, overflows, words_of
from agents.llm.prefill import Prefill, find_prefill
from agents.llm.reading import Reading
from agents.llm.sse import Oversized
from agents.llm.types import ChatRequest, StreamPart

MAX_ANSWER = 32 * 1024 * 1024  # characters
MAX_EVENT = 64 * 1024 * 1024  # bytes of one event, or of a whole completion; JSON escapes make text longer
LISTING = 5.0  # seconds for the list of models
AFTER_FINISH = 5.0  # seconds for the usage, once the answer is complete
AFTER_DONE = 1.0  # seconds for the end of the response, so that its connection can be used again

_NO_LIMIT = httpx2.Limits(max_connections=0)  # as aiohttp says it

type Stream = AsyncStream[ChatCompletionChunk]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. A one-slot server sends no headers for minutes while it serves somebody else: that is no failure.

    `first_byte` runs until the response begins, and anew until its first token; `between_tokens` from then on,
    from one chunk to the next. Keep-alive comments do not count: they say that the server lives, not that it works.
    """

    connect: float = 10
    first_byte: float = 900
    between_tokens: float = 90


class OpenAICompatible:
    """Any server that speaks the OpenAI chat protocol.

    Reads as the caller does: what comes while the caller is busy, or rests, comes as one part. Over aiohttp, which
    costs a third of the client's own transport for each token that a server sends.

    Keeps its connections, and is slow to make (the first one takes seconds): make one per endpoint and event loop.
    """

    def __init__(self, *, base_url: str, api_key: str, timeouts: Timeouts = Timeouts()) -> None:
        """`api_key` is empty where none is needed. Raises ProviderError where `base_url` is no URL."""
        self._base_url = base_url
        self._prefill: Prefill | None = None
        self._api_key = api_key.strip()
        self._failures = Failures(base_url, self._api_key)
        self._timeouts = timeouts
        # The waiting is watched here, by tokens; the transport only watches the connecting.
        address, headers = _split_login(base_url)
        self._client = AsyncOpenAI(
            base_url=address,
            default_headers=headers,
            # What cannot be a header is refused in `stream`, before anything is sent.
            api_key=self._api_key or "none",
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=timeouts.connect),
            http_client=DefaultAioHttpClient(limits=_NO_LIMIT),
        )

    async def aclose(self) -> None:
        await self._client.close()

    async def can_prefill(self) -> bool:
        """See `Provider.can_prefill`. Asks the server who it is; one that does not say is asked in words."""
        if self._prefill is None:
            self._prefill = find_prefill(self._base_url, await self._list_owners())
        return self._prefill is not None

    async def _list_owners(self) -> list[str]:
        try:
            listed = await self._client.models.list(timeout=LISTING)
        except (openai.OpenAIError, httpx2.HTTPError):
            return []
        return [model.owned_by for model in listed.data if isinstance(getattr(model, "owned_by", None), str)]

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamPart]:
        """See `Provider.stream`. Ends with Finished or raises ProviderError."""
        if not (self._api_key.isascii() and self._api_key.isprintable()):
            raise self._failures.unusable_key()
        collector = Collector(request.model)
        try:
            async with await self._open(request) as stream, aclosing(self._batches(stream, collector)) as batches:
                async for events in batches:
                    failure = self._collect(events, collector, request)
                    for part in collector.release():
                        yield part
                    if failure:
                        raise failure
        except Oversized as error:
            raise self._failures.too_long() from error
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError) as error:
            raise self._failures.explain(error, request.model) from error
        for part in collector.conclude():
            yield part

    def _batches(self, stream: Stream, collector: Collector) -> AsyncGenerator[Iterable[bytes]]:
        content_type = stream.response.headers.get("content-type", "").lower()
        if "html" in content_type:
            raise self._failures.not_a_model()
        return self._whole(stream) if "json" in content_type else self._events(stream, collector)

    def _collect(self, events: Iterable[bytes], collector: Collector, request: ChatRequest) -> ProviderError | None:
        """Up to what is wrong with them, which is returned: what came before is passed on before that is raised."""
        for event in events:
            if event.startswith(b"[DONE]"):
                collector.is_done = True
                break
            chunk = _object(event)
            if chunk is None:
                return self._failures.garbage()
            if error := _error_in(chunk):
                return self._failures.reported(error, request.model)
            collector.take(chunk)
            if collector.length > MAX_ANSWER:
                return self._failures.too_long()
        return None

    async def _open(self, request: ChatRequest) -> Stream:
        """Ask; and ask again without what an old or strict server refuses."""
        body = build(request, self._prefill)
        while True:
            try:
                return await self._ask(body)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if overflows(error.body) or not simplify(body, words_of(error.body)):
                    raise

    async def _ask(self, body: Body) -> Stream:
        try:
            async with asyncio.timeout(self._timeouts.first_byte):
                stream: Stream = await self._client.chat.completions.create(**body, stream=True)
                return stream
        except TimeoutError as error:
            raise self._failures.stalled("did not begin to answer", self._timeouts.first_byte) from error

    async def _events(self, stream: Stream, collector: Collector) -> AsyncGenerator[Iterable[bytes]]:
        """The events up to a good end, as they come together, each read awaited no longer than a token may take.

        After the finish reason only the usage is still to come; a server that then hangs or drops is done.
        """
        async with aclosing(Reading(stream.response, MAX_EVENT)) as reading:
            while not collector.is_done and (events := await self._next(reading, collector)):
                yield events
            if collector.is_done:
                await reading.finish(AFTER_DONE)
            elif collector.reason is None:
                is_model = collector.is_answered or "event-stream" in stream.response.headers.get("content-type", "")
                raise self._failures.cut_off() if is_model else self._failures.not_a_model()

    async def _next(self, reading: Reading, collector: Collector) -> list[bytes]:
        """The next events; none at the end."""
        wait = self._patience(collector)
        try:
            return await reading.next(wait)
        except (TimeoutError, httpx2.HTTPError, httpx2.StreamError) as error:
            if collector.reason:
                return []
            if isinstance(error, TimeoutError):
                raise self._failures.stalled(_stall(collector), wait) from error
            raise

    def _patience(self, collector: Collector) -> float:
        if collector.reason:
            return AFTER_FINISH
        return self._timeouts.between_tokens if collector.length else self._timeouts.first_byte

    async def _whole(self, stream: Stream) -> AsyncGenerator[Iterable[bytes]]:
        """The one completion of a server that does not stream."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._timeouts.first_byte):
                async for piece in stream.response.aiter_bytes():
                    body += piece
                    if len(body) > MAX_EVENT:
                        raise Oversized
        except TimeoutError as error:
            raise self._failures.stalled("did not end its answer", self._timeouts.first_byte) from error
        completion = _object(bytes(body))
        if completion is None or not (has_choice(completion) or _error_in(completion)):
            raise self._failures.not_a_model()
        yield [bytes(body)]


def _split_login(base_url: str) -> tuple[str, dict[str, str]]:
    """The address without a name and password in it, and the header that carries them."""
    url = httpx2.URL(base_url)
    if not url.userinfo:
        return base_url, {}
    login = base64.b64encode(unquote_to_bytes(url.userinfo)).decode()
    return str(url.copy_with(username="", password="")), {"Authorization": f"Basic {login}"}


def _object(text: bytes) -> Json | None:
    try:
        value = _decode(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _decode(text: bytes) -> object:
    """The fast decoder refuses what JSON allows and models send: halves of surrogate pairs."""
    try:
        return from_json(text)
    except ValueError:
        return json.loads(text)


def _error_in(chunk: Json) -> object:
    """The error object that a server sent where a chunk belongs; some send it bare."""
    return chunk.get("error") or (chunk if chunk.get("object") == "error" else None)


def _stall(collector: Collector) -> str:
    return "stopped in the middle of the answer" if collector.length else "did not begin to answer"
