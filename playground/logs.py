"""Log lines: for people, or one JSON object each. Both name the run and the request that they belong to.

Prompts and answers are never logged. What looks like a key is masked all the same: messages of other people's libraries
may quote what they were given.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_run = ContextVar("run", default="")
_request = ContextVar("request", default="")

_SECRETS = re.compile(
    r"(?i)(\bbearer\s+)[^\s'\",]+"
    r"|\b(sk|pg|hf|gh[oprsu]|github_pat|glpat|xox[abp])[-_][\w-]{8,}"
    r"|(://[^\s:/@]*:)[^\s@/]+(?=@)"  # a password in an address
)


@contextmanager
def of_run(run_id: str) -> Iterator[None]:
    """Lines that are written in here, and in tasks that begin in here, name the run."""
    token = _run.set(run_id)
    try:
        yield
    finally:
        _run.reset(token)


@contextmanager
def of_request(request_id: str) -> Iterator[None]:
    token = _request.set(request_id)
    try:
        yield
    finally:
        _request.reset(token)


def mask(text: str) -> str:
    return _SECRETS.sub(lambda found: f"{found[1] or found[3] or ''}***", text)


class TextFormatter(logging.Formatter):
    """`2026-11-25 10:00:00,000 WARNING playground.runs: message [run=… request=…]`"""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        named = " ".join(f"{name}={value}" for name, value in _context().items())
        return super().formatMessage(record) + (f" [{named}]" if named else "")


class JsonFormatter(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `message`; `run`, `request` and `error` (the traceback) where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
            **_context(),
        }
        if record.exc_info:
            line["error"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _context() -> dict[str, str]:
    return {name: value for name, value in (("run", _run.get()), ("request", _request.get())) if value}
