"""Who works at a build."""

from collections.abc import Sequence
from pathlib import Path

from agents.engines.qwen_code import QwenCode
from agents.events import Began, Event
from agents.host import Host, Means
from agents.loop import Loop


def engine_for(journal: Sequence[Event], means: Means, host: Host, folder: Path) -> Loop | QwenCode:
    """Its `run` is the owner's turn. The journal begins with the task, which names the engine."""
    first = journal[0]
    assert isinstance(first, Began)
    engine = QwenCode if first.task.engine == "qwen" else Loop
    return engine(journal, means, host, folder)
