import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk

from agents.errors import ProviderError
from agents.llm.failures import explain
from agents.llm.types import Answered, ChatRequest, Finished, Message, Reasoning, StreamPart, Text, TokenUsage

MAX_ANSWER = 32 * 1024 * 1024  # characters


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. A one-slot server sends no headers for minutes while it serves somebody else: that is no failure."""

    connect: float = 10
    first_byte: float = 900
    between_tokens: float = 90


class OpenAICompatible:
    """Any server that speaks the OpenAI chat protocol. Keeps its connections: make one per endpoint and event loop."""

    def __init__(self, *, base_url: str, api_key: str, timeouts: Timeouts = Timeouts()) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._timeouts = timeouts
        # The waiting is watched here, by tokens; the transport only watches the connecting.
        self._client = AsyncOpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=timeouts.connect),
        )

    async def aclose(self) -> None:
        await self._client.close()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamPart]:
        """See `Provider.stream`. Ends with Finished or raises ProviderError."""
        try:
            async with aclosing(self._parts(request)) as parts:
                async for part in parts:
                    yield part
        except openai.OpenAIError as error:
            raise explain(error, base_url=self._base_url, model=request.model, api_key=self._api_key) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise self._cut_off() from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            message = f"{self._where} sent something that is no chat stream. Check the address: {self._base_url}"
            raise ProviderError("garbage", message) from error

    async def _parts(self, request: ChatRequest) -> AsyncGenerator[StreamPart]:
        stream = await self._open(request)
        async with stream:
            content_type = stream.response.headers.get("content-type", "")
            if "event-stream" not in content_type:
                async for part in self._whole(stream, request.model):
                    yield part
                return
            collector = Collector(request.model)
            async for chunk in self._chunks(stream, collector):
                for part in collector.take(chunk):
                    yield part
            if collector.reason is None:
                raise self._cut_off()
            for part in collector.conclude():
                yield part

    async def _open(self, request: ChatRequest) -> AsyncStream[ChatCompletionChunk]:
        """Ask; and ask again without what an old or strict server refuses."""
        body = _body(request)
        for _ in range(3):
            try:
                return await self._ask(body)
            except openai.BadRequestError as error:
                if not _simplify(body, str(error)):
                    raise
        return await self._ask(body)

    async def _ask(self, body: dict[str, Any]) -> AsyncStream[ChatCompletionChunk]:
        try:
            async with asyncio.timeout(self._timeouts.first_byte):
                stream: AsyncStream[ChatCompletionChunk] = await self._client.chat.completions.create(
                    **body, stream=True
                )
                return stream
        except TimeoutError as error:
            raise self._stalled("did not begin to answer", self._timeouts.first_byte) from error

    async def _chunks(
        self, stream: AsyncStream[ChatCompletionChunk], collector: "Collector"
    ) -> AsyncIterator[ChatCompletionChunk]:
        """The stream's chunks, each awaited no longer than a token may take. Pings do not count: they are no progress.

        After the finish reason only the usage is still to come; a server that then hangs or drops is done.
        """
        chunks = aiter(stream)
        wait = self._timeouts.first_byte
        while True:
            try:
                async with asyncio.timeout(wait):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                if collector.reason:
                    return
                raise self._stalled("stopped in the middle of the answer", wait) from error
            except (openai.APIConnectionError, httpx2.HTTPError, httpx2.StreamError) as error:
                if collector.reason:
                    return
                raise self._cut_off() from error
            yield chunk
            wait = min(self._timeouts.between_tokens, 5) if collector.reason else self._timeouts.between_tokens

    async def _whole(self, stream: AsyncStream[ChatCompletionChunk], model: str) -> AsyncIterator[StreamPart]:
        """A server that does not stream and sends one completion; anything else is no model."""
        body = (await stream.response.aread())[:MAX_ANSWER]
        try:
            completion = json.loads(body)
            choice = completion["choices"][0]
            text = choice["message"]["content"] or ""
        except (ValueError, LookupError, TypeError):
            message = f"{self._base_url} answers, but not as a model server. Its address probably ends in /v1."
            raise ProviderError("not_a_model", message) from None
        yield Answered(str(completion.get("model") or model))
        yield Text(text)
        if usage := _usage(completion.get("usage")):
            yield usage
        yield Finished(_reason(choice.get("finish_reason")))

    @property
    def _where(self) -> str:
        return urlsplit(self._base_url).netloc or self._base_url

    def _stalled(self, what: str, seconds: float) -> ProviderError:
        message = f"The model at {self._where} {what} for {seconds:g} seconds. It may be overloaded; please try again."
        return ProviderError("stalled", message, retryable=True)

    def _cut_off(self) -> ProviderError:
        message = f"The connection to {self._where} broke off before the answer was complete. Please try again."
        return ProviderError("cut_off", message, retryable=True)


class Collector:
    """Reads chunks as real servers send them: null content, missing fields, usage never, once, or every time."""

    def __init__(self, asked_model: str) -> None:
        self.reason: Literal["stop", "length"] | None = None
        self._asked_model = asked_model
        self._has_answered = False
        self._usage: TokenUsage | None = None
        self._length = 0

    def take(self, chunk: ChatCompletionChunk) -> list[StreamPart]:
        parts: list[StreamPart] = []
        if not self._has_answered:
            self._has_answered = True
            parts.append(Answered(getattr(chunk, "model", None) or self._asked_model))
        self._usage = _usage(getattr(chunk, "usage", None)) or self._usage
        for choice in (getattr(chunk, "choices", None) or [])[:1]:
            parts.extend(self._read_delta(getattr(choice, "delta", None)))
            if reason := getattr(choice, "finish_reason", None):
                self.reason = _reason(reason)
        return parts

    def conclude(self) -> list[StreamPart]:
        assert self.reason
        return [*([self._usage] if self._usage else []), Finished(self.reason)]

    def _read_delta(self, delta: object) -> list[StreamPart]:
        reasoning = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
        content = getattr(delta, "content", None)
        parts: list[StreamPart] = []
        if isinstance(reasoning, str) and reasoning:
            parts.append(Reasoning(reasoning))
        if isinstance(content, str) and content:
            parts.append(Text(content))
        self._length += sum(len(part.text) for part in parts if isinstance(part, Text | Reasoning))
        if self._length > MAX_ANSWER:
            raise ProviderError("too_long", "The answer does not end; it was stopped at 32 million characters.")
        return parts


def _body(request: ChatRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "max_tokens": request.max_tokens,
        "stream_options": {"include_usage": True},
        "temperature": request.temperature,
        "top_p": request.top_p,
        "seed": request.seed,
    }
    return {name: value for name, value in body.items() if value is not None}


def _message(message: Message) -> dict[str, Any]:
    if not message.images:
        return {"role": message.role, "content": message.text}
    images = [{"type": "image_url", "image_url": {"url": image.url}} for image in message.images]
    return {"role": message.role, "content": [*images, {"type": "text", "text": message.text}]}


def _simplify(body: dict[str, Any], complaint: str) -> bool:
    """Leave out or rename the field that the server's complaint names. False where there is none."""
    if "max_tokens" in body and "max_completion_tokens" in complaint:
        body["max_completion_tokens"] = body.pop("max_tokens")
        return True
    for field in ("stream_options", "seed", "top_p", "temperature"):
        if field in body and field in complaint:
            del body[field]
            return True
    return False


def _usage(usage: object) -> TokenUsage | None:
    def read(name: str) -> object:
        return usage.get(name) if isinstance(usage, Mapping) else getattr(usage, name, None)

    counts = (read("prompt_tokens"), read("completion_tokens"))
    if not all(isinstance(count, int) for count in counts):
        return None
    return TokenUsage(*counts)  # type: ignore[arg-type]


def _reason(reason: object) -> Literal["stop", "length"]:
    return "length" if reason in ("length", "max_tokens") else "stop"
