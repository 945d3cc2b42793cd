"""Followers as browsers are: a websocket each through nginx, which connects again and goes on after its last frame."""

import asyncio
import json
import random
from dataclasses import dataclass, field

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from playground.protocol import Follow, Frame, Ping, RunFinished, SegmentStarted, TextDelta
from tests.e2e.topology import Topology

SILENCE = 2.0  # seconds until it asks whether somebody is there, and until it takes them for dead
AGAIN = 0.3  # seconds
_SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playground.accounts.models import User
user = User.objects.create_user("{email}", "correct horse")
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
from django.conf import settings
print(f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}")
"""


@dataclass(frozen=True)
class Person:
    """Somebody with an account: a token for the API, a cookie for the websocket."""

    url: str
    token: str
    cookie: str

    @classmethod
    def sign_up(cls, topology: Topology, email: str) -> "Person":
        cookie = topology.manage("shell", "-v", "0", "-c", _SESSION.format(email=email)).splitlines()[-1]
        return cls(topology.url, topology.manage("create_token", email), cookie)

    async def wish(self, wishes: list[str], url: str = "") -> list[str]:
        """The runs, all begun; past nginx where a `url` is given."""
        headers = {"Authorization": f"Bearer {self.token}"}
        runs = []
        async with httpx2.AsyncClient(headers=headers, timeout=60) as client:
            for wish in wishes:
                answer = await client.post(f"{url or self.url}/api/runs", json={"prompt": wish})
                assert answer.status_code == 202, answer.text
                runs.append(str(answer.json()["id"]))
        return runs


@dataclass
class Follower:
    person: Person
    run: str
    frames: list[Frame] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # of each frame, on the loop's clock
    connections: int = 0

    @property
    def text(self) -> str:
        return "".join(frame.event.text for frame in self.frames if isinstance(frame.event, TextDelta))

    @property
    def is_done(self) -> bool:
        return bool(self.frames) and self.frames[-1].is_last

    @property
    def is_taken_over(self) -> bool:
        return any(frame.event == SegmentStarted(reason="resume") for frame in self.frames)

    @property
    def longest_wait(self) -> float:
        return max((later - earlier for earlier, later in zip(self.times, self.times[1:], strict=False)), default=0)

    async def follow(self, chance: random.Random | None = None) -> None:
        """Until the end. With `chance` its connection breaks every now and then."""
        while not self.is_done:
            try:
                await self._connect_once(chance.uniform(0.2, 6) if chance else None)
            except (OSError, WebSocketException, TimeoutError):
                await asyncio.sleep(AGAIN)

    async def _connect_once(self, lasts: float | None) -> None:
        address = f"ws{self.person.url.removeprefix('http')}/ws"
        headers = {"Cookie": self.person.cookie}
        async with (
            asyncio.timeout(lasts),
            connect(
                address, additional_headers=headers, origin=Origin(self.person.url), open_timeout=3, close_timeout=0.1,
                ping_interval=None, proxy=None,
            ) as socket,
        ):  # fmt: skip
            self.connections += 1
            after = self.frames[-1].seq if self.frames else 0
            await socket.send(Follow(run=self.run, after=after).model_dump_json())
            while not self.is_done:
                self._take(await _receive(socket))

    def _take(self, message: str) -> None:
        told = json.loads(message)
        if told.get("type") == "pong":
            return
        frames = told.get("frames", [told])  # those that came together come in one message
        assert all("seq" in frame for frame in frames), told
        self.frames += map(Frame.model_validate, frames)
        self.times += [asyncio.get_running_loop().time()] * len(frames)


async def _receive(socket: ClientConnection) -> str:
    try:
        async with asyncio.timeout(SILENCE):
            return str(await socket.recv())
    except TimeoutError:
        await socket.send(Ping().model_dump_json())
    async with asyncio.timeout(SILENCE):
        return str(await socket.recv())


def expect_exact(follower: Follower, text: str) -> None:
    """Each frame once, in order, without gaps; the text byte by byte."""
    assert [frame.seq for frame in follower.frames] == list(range(1, len(follower.frames) + 1))
    assert follower.frames[-1].event == RunFinished(reason="stop")
    if follower.text.encode() != text.encode():
        at = next((at for at, (one, other) in enumerate(zip(follower.text, text, strict=False)) if one != other), -1)
        pytest.fail(f"{follower.text[max(0, at - 60) : at + 60]!r} instead of {text[max(0, at - 60) : at + 60]!r}")
