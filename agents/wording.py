"""Texts between the world, the model and a person: made harmless, marked as data, and not too long."""

import re
import secrets

MAX_RESULT = 24_000  # characters of what a tool tells the model
MAX_SUMMARY = 140

# Escape sequences of terminals, other control characters, and what turns the direction of writing.
_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b.?", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Without anything that a terminal, a log or a page would obey. Line ends are LF."""
    return _CONTROL.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def fence(text: str) -> str:
    """As data: whatever it says, it asks nothing. The mark cannot be guessed, so it cannot be closed from within."""
    mark = secrets.token_hex(4)
    return f"[data {mark}]\n{text}\n[end of data {mark}]"


def shorten(text: str, length: int) -> str:
    """The middle goes: what matters stands at the beginning or at the end."""
    if len(text) <= length:
        return text
    half = (length - 40) // 2
    return f"{text[:half]}\n[… {len(text) - 2 * half} characters left out …]\n{text[-half:]}"


def summarise(text: str) -> str:
    """One short line."""
    line = " ".join(clean(text).split())
    return line if len(line) <= MAX_SUMMARY else f"{line[: MAX_SUMMARY - 1]}…"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
