"""System checks: which level of isolation is in force. `manage.py check --deploy` says it in any case."""

from typing import Any

from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from playground.host.levels import MEANINGS, NAMES, Level, level


@register(Tags.security)
def refuse_same_host(**kwargs: Any) -> list[CheckMessage]:
    if level() != Level.SAME_HOST:
        return []
    return [Error(str(NAMES[Level.SAME_HOST]), hint=str(MEANINGS[Level.SAME_HOST]), id="playground.E001")]


@register(Tags.security, deploy=True)
def say_level(**kwargs: Any) -> list[CheckMessage]:
    match found := level():
        case Level.SAME_HOST:
            return []  # said above
        case Level.ONE_HOST:
            return [Warning(str(NAMES[found]), hint=str(MEANINGS[found]), id="playground.W003")]
        case _:
            return [Info(str(NAMES[found]), hint=str(MEANINGS[found]), id=f"playground.I00{found.value}")]
