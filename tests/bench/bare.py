"""What ours is measured by: the least that relays an answer through Channels and Daphne. Nothing is kept."""

import json
import os

import httpx2
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from playground import background

settings.configure()

_client: httpx2.AsyncClient | None = None


def client() -> httpx2.AsyncClient:
    global _client
    if _client is None:
        limits = httpx2.Limits(max_connections=None)
        _client = httpx2.AsyncClient(base_url=os.environ["OPENAI_BASE_URL"], timeout=None, limits=limits)
    return _client


class BareRelay(AsyncWebsocketConsumer):
    """The browser sends a prompt and gets each token as a message."""

    async def connect(self) -> None:
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.task = background.spawn(self._relay(text_data or ""), name="relay")

    async def disconnect(self, code: int) -> None:
        self.task.cancel()

    async def _relay(self, prompt: str) -> None:
        body = {"model": "bench", "stream": True, "messages": [{"role": "user", "content": prompt}]}
        async with client().stream("POST", "/chat/completions", json=body) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: ") and line != "data: [DONE]":
                    chunk = json.loads(line.removeprefix("data: "))
                    if text := chunk["choices"][0]["delta"].get("content"):
                        await self.send(text_data=json.dumps({"type": "text", "text": text}))
        await self.send(text_data=json.dumps({"type": "done"}))


application = BareRelay.as_asgi()
