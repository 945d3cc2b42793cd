"""Text as whole lines. A text that is edited ends with a line end."""

from collections.abc import Iterable


def split_lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def join_lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
