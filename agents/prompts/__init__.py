"""What models are told: a file each, with `$names` for what differs."""

from functools import cache
from pathlib import Path
from string import Template


def read_prompt(name: str, **values: object) -> str:
    return _read(name).substitute(values).strip()


@cache
def _read(name: str) -> Template:
    return Template((Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8"))
