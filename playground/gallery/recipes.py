"""The recipe card on a permalink: how the version was made, for people."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.runs.making import Making, find_making


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


def recipe_facts(version: Version, reader: User | None) -> list[Fact]:
    """What there is to say. Of what was written by hand nothing was used."""
    facts = [Fact(_("Model"), _model(version))]
    made = None if version.is_demo else find_making(version, reader)
    return facts + (_facts(made) if made else [])


def _model(version: Version) -> str:
    if version.is_demo:
        return _("Demo reel: written by hand, no model was running")
    return version.model_name or _("None: published by hand")


def _facts(made: Making) -> list[Fact]:
    facts = [Fact(_("Settings"), _settings(made.settings))] if made.settings else []
    if usage := made.usage:
        counts = {"input": f"{usage.input_tokens:,}", "output": f"{usage.output_tokens:,}"}
        words = _("%(input)s in, %(output)s out") % counts
        estimated = _("(estimated)")
        facts.append(Fact(_("Tokens"), f"{words} {estimated}" if usage.estimated else words))
    if made.cost is not None:
        facts.append(Fact(_("Cost"), _amount(made.cost)))
    if made.seconds is not None:
        facts.append(Fact(_("Time"), _duration(made.seconds)))
    return facts


def _settings(settings: dict[str, object]) -> str:
    """In an order of its own: PostgreSQL keeps none in JSON."""
    words = {
        "temperature": _("temperature %(value)s"),
        "top_p": _("top p %(value)s"),
        "max_tokens": _("at most %(value)s tokens"),
        "seed": _("seed %(value)s"),
        "system_prompt": _("a system prompt of its own"),
    }
    return ", ".join(word % {"value": settings[key]} for key, word in words.items() if key in settings)


def _amount(cost: Decimal) -> str:
    """In the currency of this playground's prices, which has no name."""
    return f"{cost:.2f}" if cost >= 1 else f"{cost:.2g}" if cost else "0"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest} if minutes else f"{seconds:.1f} s"
