"""One attempt at a delivery: signed, without redirects, bounded in time, and only to addresses that are permitted."""

import asyncio
import base64
import hashlib
import hmac
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from playground.webhooks.network import is_permitted

TIMEOUT = 10.0  # seconds, for all of it
PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent where. `secret` in its plain form."""

    id: str
    url: str
    secret: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fault`: empty where it was delivered, else a code of `wording`."""

    status: int | None
    fault: str


async def send_all(messages: Sequence[Message]) -> list[Outcome]:
    """At the same time: one that is slow keeps no other waiting for longer than the timeout."""
    return list(await asyncio.gather(*map(send, messages)))


async def send(message: Message) -> Outcome:
    if not message.secret:
        return Outcome(None, "no_secret")
    guard = _Guard(is_secure=urlsplit(message.url).scheme == "https")
    connector = aiohttp.TCPConnector(socket_factory=guard.open_socket, force_close=True)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.post(
                message.url, data=message.body.encode(), headers=_headers(message), allow_redirects=False
            ) as response,
        ):
            return Outcome(response.status, _judge(response.status))
    except TimeoutError:
        return Outcome(None, "timeout")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Outcome(None, "forbidden" if guard.has_refused else _name(error))


def sign(message: Message, at: int) -> str:
    """Raises ValueError for a secret that is none."""
    key = base64.b64decode(message.secret.removeprefix(PREFIX), validate=True)
    signed = hmac.digest(key, f"{message.id}.{at}.{message.body}".encode(), hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _headers(message: Message) -> dict[str, str]:
    now = int(time.time())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Playground-Webhooks/1",
        "webhook-id": message.id,
        "webhook-timestamp": str(now),
        "webhook-signature": sign(message, now),
    }


def _judge(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if status == 410:
        return "gone"
    return "redirect" if 300 <= status < 400 else "status"


def _name(error: Exception) -> str:
    return "tls" if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError) else "connection"


class _Guard:
    """Looks at each address when it is connected to: what a name led to a moment before proves nothing."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        self.has_refused = False

    def open_socket(self, where: Any) -> socket.socket:
        """`where`: as from `getaddrinfo`."""
        family, kind, protocol, _name, address = where
        if not is_permitted(str(address[0]), is_secure=self._is_secure):
            self.has_refused = True
            raise OSError("webhooks may not be sent there")
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        return opened
