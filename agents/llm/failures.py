"""What went wrong between us and an endpoint, as a ProviderError that a person can act on."""

import math
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import httpx2
import openai

from agents.errors import ProviderError

_OVERFLOW = re.compile(
    r"context[ _](length|window|size)|maximum context|too many tokens|range of input length"
    r"|(prompt|input)( is|'s)? too long|longer than the (model's|maximum model)|maximum number of (input )?tokens",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
_ERROR_NUMBER = re.compile(r"\[(Errno|SSL)[^]]*\] ?")
_BROKEN_OFF = (
    aiohttp.ClientOSError,
    aiohttp.ClientPayloadError,
    aiohttp.ServerDisconnectedError,
    httpx2.NetworkError,
    httpx2.RemoteProtocolError,
    httpx2.StreamError,
)
_WEB_PAGE = re.compile(r"\s*<(!doctype|html|head|\?xml)", re.IGNORECASE)
LONGEST_WORDS = 300


class Failures:
    """The failures of one endpoint. Their messages name its address, but neither its key nor a password in its URL."""

    def __init__(self, base_url: str, api_key: str) -> None:
        """Raises ProviderError where `base_url` is no URL."""
        self._api_key = api_key
        try:
            url = httpx2.URL(base_url)
            self._where = f"{url.host}:{url.port}" if url.port else url.host
        except (httpx2.InvalidURL, ValueError):
            url, self._where = httpx2.URL(), ""
        if url.scheme not in ("http", "https") or not url.host:
            message = "The model server's address is no web address. It has to look like http://localhost:8000/v1."
            raise ProviderError("unreachable", message)
        self._host_and_port = f"{url.host}:{url.port or {'http': 80, 'https': 443}[url.scheme]}"
        self._address = f"{url.scheme}://{self._where}{url.path}"

    def explain(self, error: Exception, model: str) -> ProviderError:
        """The ProviderError for anything that the client or its transport raised."""
        if isinstance(error, openai.APIStatusError):
            wait = _retry_after(error.response.headers)
            return self._explain_status(error.status_code, error.body, model=model, wait=wait)
        cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
        if isinstance(cause, httpx2.DecodingError):
            return self.garbage()
        reason = cause.__cause__ if cause and isinstance(cause.__cause__, aiohttp.ClientError) else cause
        if isinstance(reason, aiohttp.ClientConnectorError):
            return self._unreachable(_ERROR_NUMBER.sub("", self.said(str(reason.os_error))))
        if isinstance(reason, _BROKEN_OFF):
            return self.cut_off()
        if isinstance(reason, httpx2.TimeoutException | TimeoutError):
            return self._unreachable("it did not take the connection in time")
        return self._unreachable(_ERROR_NUMBER.sub("", self.said(str(reason))))

    def reported(self, error: object, model: str) -> ProviderError:
        """An error object within an answer that had begun well."""
        code = error.get("code") if isinstance(error, dict) else None
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        return self._explain_status(status, error, model=model, wait=None)

    def stalled(self, what: str, seconds: float) -> ProviderError:
        message = f"The model at {self._where} {what} for {seconds:g} seconds. It may be overloaded; please try again."
        return ProviderError("stalled", message, retryable=True)

    def cut_off(self) -> ProviderError:
        message = f"The connection to {self._where} broke off before the answer was complete. Please try again."
        return ProviderError("cut_off", message, retryable=True)

    def garbage(self) -> ProviderError:
        message = f"{self._where} sent something that is no chat stream. Check the address {self._address}."
        return ProviderError("garbage", message)

    def not_a_model(self) -> ProviderError:
        message = (
            f"{self._address} answers, but not as a model server. Its address is probably wrong; "
            "most end in a part such as /v1."
        )
        return ProviderError("not_a_model", message)

    def too_long(self) -> ProviderError:
        message = f"The answer from {self._where} did not end and was stopped. Try again with a smaller output limit."
        return ProviderError("too_long", message)

    def unusable_key(self) -> ProviderError:
        message = f"The API key for {self._where} holds characters that no key has. Copy it again and enter it anew."
        return ProviderError("unauthorized", message)

    def said(self, text: str) -> str:
        """A server's own words, fit to be shown: one line, no control characters, no key, at most 300 characters."""
        text = _CONTROL.sub(" ", text)
        if self._api_key:
            # A short one, like the "ollama" that people enter where none is needed, may be part of a word.
            key = re.escape(self._api_key)
            text = re.sub(key if len(self._api_key) >= 8 else rf"(?<!\w){key}(?!\w)", "•••", text)
        return text.strip()[:LONGEST_WORDS]

    def _explain_status(self, status: int, error: object, *, model: str, wait: float | None) -> ProviderError:
        words = self.said(words_of(error)) or f"status {status}"
        kinds = _kinds(error)
        if status == 404 or "model_not_found" in kinds:
            message = f"{self._where} does not know the model “{model}”, or its address lacks a part such as /v1."
            return ProviderError("model_not_found", f"{message} ({words})")
        if status in (401, 403):
            return self._unauthorized(words)
        if status == 429:
            return self._too_many(words, kinds, wait)
        if overflows(error):
            message = "The conversation is too long for this model. Start a new one, or choose a larger model."
            return ProviderError("context_overflow", f"{message} ({words})")
        if status >= 500:
            message = f"The model server at {self._where} failed. Please try again in a while. ({words})"
            return ProviderError("upstream_error", message, retryable=True, retry_after=wait)
        return ProviderError("bad_request", f"The model server at {self._where} refused the request. ({words})")

    def _unauthorized(self, words: str) -> ProviderError:
        if not self._api_key:
            message = f"{self._where} wants an API key and none is set. Set OPENAI_API_KEY, or enter one in the admin."
            return ProviderError("no_key", message)
        message = f"{self._where} does not accept the API key. Check that it is complete, valid and meant for it."
        return ProviderError("unauthorized", f"{message} ({words})")

    def _too_many(self, words: str, kinds: set[str], wait: float | None) -> ProviderError:
        if "insufficient_quota" in kinds or "insufficient_quota" in words:
            message = f"The account at {self._where} has no credit left. Top it up, or choose another model. ({words})"
            return ProviderError("quota_exhausted", message)
        message = f"{self._where} is asked too often right now. Please try again in a while. ({words})"
        return ProviderError("rate_limited", message, retryable=True, retry_after=wait)

    def _unreachable(self, why: str) -> ProviderError:
        message = (
            f"The model server at {self._host_and_port} cannot be reached ({why}). "
            "Check that it runs and that the address is right."
        )
        return ProviderError("unreachable", message, retryable=True)


def words_of(error: object) -> str:
    """The server's sentence, wherever it put it; empty where it sent a web page."""
    words: Any = error
    if isinstance(error, dict):
        words = error.get("message") or error.get("detail") or error.get("error") or error
    text = words if isinstance(words, str) else str(words or "")
    return "" if _WEB_PAGE.match(text) else text


def overflows(error: object) -> bool:
    """Whether the server says that the conversation does not fit, in one of the wordings of the usual servers."""
    return bool(_OVERFLOW.search(" ".join([words_of(error), *_kinds(error)])))


def _kinds(error: object) -> set[str]:
    """The machine-readable names of an error; integer codes say no more than the status."""
    names = (error.get("code"), error.get("type")) if isinstance(error, dict) else ()
    return {name for name in names if isinstance(name, str)}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from either form of Retry-After."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except ValueError:
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
