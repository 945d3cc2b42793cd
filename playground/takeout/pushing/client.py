"""The one way out: to the host of the setting and nowhere else, with a time limit, following no redirects."""

from collections.abc import Mapping
from typing import Any

import httpx2
from django.utils.translation import gettext as _

from playground.errors import PlaygroundError

_TIMEOUT = httpx2.Timeout(60, connect=10)
MAX_ANSWER = 4 * 1024 * 1024  # bytes


class Refused(Exception):
    """The service said no. `message` is its own sentence, without anything of ours."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str]) -> None:
        super().__init__(str(status))
        self.status = status
        self.message = message
        self.headers = headers


class Client:
    """To be used within `async with`. Nothing of a request is logged, as its header holds the token."""

    def __init__(self, base_url: str, token: str, service: str, headers: Mapping[str, str]) -> None:
        self.service = service
        self._token = token
        own = {"Authorization": f"Bearer {token}", "User-Agent": "playground-takeout", **headers}
        self._client = httpx2.AsyncClient(
            base_url=base_url.rstrip("/"), headers=own, timeout=_TIMEOUT, follow_redirects=False, trust_env=True
        )

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._client.aclose()

    async def send(self, method: str, path: str, **content: Any) -> Any:
        """The JSON of the answer. Raises Refused, and PlaygroundError where the service cannot be reached."""
        try:
            async with self._client.stream(method, path, **content) as answer:
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_ANSWER:
                        raise self._unreachable()
        except httpx2.HTTPError as error:
            raise self._unreachable() from error
        value = _read(body)
        if 300 <= answer.status_code < 400:
            raise Refused(404, _("It was moved or renamed."), answer.headers)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, self._sentence(value), answer.headers)
        return value

    def _unreachable(self) -> PlaygroundError:
        message = _("%(service)s cannot be reached from here, or answers too slowly. Nothing was lost; try again.")
        return PlaygroundError("push_unreachable", message % {"service": self.service}, status=502, retryable=True)

    def _sentence(self, value: Any) -> str:
        said = value.get("message") or value.get("error") if isinstance(value, dict) else None
        return str(said or "").replace(self._token, "…")[:300]


def _read(body: bytes) -> Any:
    try:
        return httpx2.Response(200, content=body).json() if body else None
    except ValueError:
        return None
