"""How much memory a process and its descendants hold, whatever namespaces they are in. Linux alone; else nothing."""

from collections.abc import Iterator
from pathlib import Path

_HELD = ("RssAnon:", "RssShmem:")  # of what several map from a file, such as programs, nothing


def memory_of(pid: int) -> int:
    """Bytes."""
    return sum(map(_held_by, family_of(pid)))


def family_of(pid: int) -> Iterator[int]:
    """It, and its descendants."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            yield from family_of(int(child))


def _held_by(pid: int) -> int:
    words = [line.split() for line in _read(Path(f"/proc/{pid}/status")).splitlines()]
    return sum(int(line[1]) * 1024 for line in words if len(line) > 1 and line[0] in _HELD)


def _read(file: Path) -> str:
    """Empty where the process is gone."""
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
