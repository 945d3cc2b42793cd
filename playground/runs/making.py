"""How a version was made, as far as its run tells: what the model was told besides the wish, and what it used."""

from dataclasses import dataclass
from decimal import Decimal

from playground.accounts.models import Charge, User
from playground.artifacts.models import Version
from playground.gateway.services import cost
from playground.protocol import Usage
from playground.runs.models import Run


@dataclass(frozen=True, slots=True)
class Making:
    settings: dict[str, object]  # protocol.Sampling, what was set of it; the system prompt for the owner alone
    usage: Usage | None
    cost: Decimal | None  # in the currency of the prices
    seconds: float | None


def making_of(run: Run, reader: User | None) -> Making:
    settings = {key: value for key, value in run.sampling.items() if value is not None}
    if reader is None or run.conversation.owner_id != reader.pk:
        settings.pop("system_prompt", None)
    usage = Usage.model_validate(run.usage) if run.usage else None
    return Making(
        settings=settings,
        usage=usage,
        cost=_cost(run, usage),
        seconds=(run.finished_at - run.created_at).total_seconds() if run.finished_at else None,
    )


def find_making(version: Version, reader: User | None) -> Making | None:
    """None for what no run made."""
    run = Run.objects.filter(version=version).select_related("model", "conversation").first()
    return making_of(run, reader) if run else None


def _cost(run: Run, usage: Usage | None) -> Decimal | None:
    """What was charged; where that is no longer known, by the prices of today."""
    charged = Charge.objects.filter(run=run.pk).values_list("cost", flat=True).first()
    if charged is not None:
        return charged
    return cost(run.model, usage) if run.model and usage else None
