"""What went wrong between us and an endpoint, as a ProviderError that a person can act on."""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import openai

from agents.errors import ProviderError

_OVERFLOW = re.compile(
    r"context (length|window|size)|maximum context|context_length|exceed_context_size|too many tokens"
    r"|(prompt|input)( is|'s)? too long|longer than the (model's|maximum)|exceeds the (available|model's|maximum)",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


def explain(error: openai.OpenAIError, *, base_url: str, model: str, api_key: str) -> ProviderError:
    """The ProviderError for anything that the client raised."""
    where = urlsplit(base_url).netloc or base_url
    if isinstance(error, openai.APITimeoutError):
        return unreachable(where, "it did not answer the connection in time")
    if isinstance(error, openai.APIConnectionError):
        return unreachable(where, said(str(error.__cause__ or error), api_key))
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, where=where, model=model, api_key=api_key)
    return _explain_other(error, where, api_key)


def unreachable(where: str, why: str) -> ProviderError:
    message = (
        f"The model server at {where} cannot be reached ({why}). Check that it runs and that the address is right."
    )
    return ProviderError("unreachable", message, retryable=True)


def said(text: str, api_key: str) -> str:
    """A server's own words, fit to be shown: one line, no control characters, no key, at most 300 characters."""
    text = _CONTROL.sub(" ", text)
    if api_key:
        text = text.replace(api_key, "•••")
    return text.strip()[:300]


def _explain_other(error: openai.OpenAIError, where: str, api_key: str) -> ProviderError:
    """An error object in mid-stream, or one of the client's own."""
    words = said(getattr(error, "message", "") or str(error), api_key)
    if _OVERFLOW.search(words):
        return _overflow(words)
    return ProviderError("upstream_error", f"The model server at {where} reported: {words}", retryable=True)


def _overflow(words: str) -> ProviderError:
    message = f"The conversation is too long for this model. Start a new one, or choose a larger window. ({words})"
    return ProviderError("context_overflow", message)


def _explain_status(error: openai.APIStatusError, *, where: str, model: str, api_key: str) -> ProviderError:
    status = error.status_code
    words = said(_words(error), api_key)
    wait = _retry_after(error.response.headers)
    if status in (401, 403):
        return _refused(where, words, api_key)
    if status == 404:
        message = f"{where} does not know the model “{model}”, or its address lacks a part such as /v1. ({words})"
        return ProviderError("model_not_found", message)
    if status == 429:
        return _too_many(error, where, words, wait)
    if status >= 500:
        message = f"The model server at {where} failed with status {status}. ({words})"
        return ProviderError("upstream_error", message, retryable=True, retry_after=wait)
    if _OVERFLOW.search(words):
        return _overflow(words)
    return ProviderError("bad_request", f"The model server at {where} refused the request: {words}")


def _refused(where: str, words: str, api_key: str) -> ProviderError:
    if not api_key:
        message = f"{where} wants an API key and none is set. Set OPENAI_API_KEY, or enter one in the admin."
        return ProviderError("no_key", message)
    message = f"{where} does not accept the API key. Check that it is complete, valid and meant for it. ({words})"
    return ProviderError("unauthorized", message)


def _too_many(error: openai.APIStatusError, where: str, words: str, wait: float | None) -> ProviderError:
    if "insufficient_quota" in (error.code or "", error.type or "") or "insufficient_quota" in words:
        return ProviderError("quota_exhausted", f"The account at {where} has no credit left. ({words})")
    message = f"{where} is asked too often right now. ({words})"
    return ProviderError("rate_limited", message, retryable=True, retry_after=wait)


def _words(error: openai.APIStatusError) -> str:
    """The server's sentence, wherever it put it."""
    body = error.body
    if isinstance(body, dict):
        body = body.get("message") or body.get("detail") or body.get("error") or body
    text = body if isinstance(body, str) else str(body or error.message)
    return "it answered with a web page" if text.lstrip().startswith("<") else text


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from either form of Retry-After."""
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
