"""Long conversations: the model is told their beginning as a summary. What a person sees stays whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.db import database_sync_to_async
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.errors import ProviderError
from agents.llm.tokens import estimate_tokens, request_tokens
from agents.llm.types import ChatRequest, Message, Provider, Text, TokenUsage
from playground.accounts.charges import open_charge, settle
from playground.accounts.models import Charge, User
from playground.errors import BadInput
from playground.gateway.models import Model
from playground.gateway.services import cost
from playground.protocol import RunStatus, Usage
from playground.runs.models import Condensation, Run
from playground.runs.prompting import branch_of, read_prompt, retell, told_in_full

FULL = 0.85  # of the room for the prompt, beyond which a conversation is condensed
ANSWER = 0.25  # of the window is kept for the answer
_LENGTH = 1_500  # tokens of a summary
_WISH = 300  # characters of a wish in an outline


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is to be condensed: `told` tells it, an exchange each, in `tokens`."""

    upto: Run
    runs: int
    told: list[str]
    outline: str
    tokens: int


def room_for_prompt(request: ChatRequest, window: int) -> int:
    """Tokens."""
    return window - min(request.max_tokens, round(window * ANSWER))


def is_full(request: ChatRequest, window: int) -> bool:
    return request_tokens(request) > FULL * room_for_prompt(request, window)


def find_beginning(run: Run) -> Beginning | None:
    """All before `run` but the last exchange; None where nothing is left to condense."""
    condensation, answers = told_in_full(run)
    condensed = answers[:-1]
    if not condensed:
        return None
    told = [f"The person: {each.prompt}\n\nThe engineer: {retell(each) or '(no answer)'}" for each in condensed]
    wishes = [f"- {' '.join(each.prompt.split())[:_WISH]}" for each in condensed]
    before = [condensation.summary] if condensation else []
    return Beginning(
        upto=condensed[-1],
        runs=len(condensed) + (condensation.runs if condensation else 0),
        told=[*before, *told],
        outline="\n".join([*before, *wishes]),
        tokens=sum(map(estimate_tokens, [*before, *told])),
    )


def is_unwanted(run: Run) -> bool:
    """A person has undone it on this branch, so it is not done again by itself."""
    return any(each.undone_at for ancestor in branch_of(run)[:-1] for each in ancestor.condensations.all())


def find_overflow(run: Run, request: ChatRequest) -> Beginning | None:
    """What has to be condensed before the model is asked, if anything."""
    assert run.model
    if not is_full(request, run.model.context_window) or is_unwanted(run):
        return None
    return find_beginning(run)


async def condense(run: Run, beginning: Beginning, provider: Provider) -> tuple[Condensation, list[TokenUsage]]:
    """Have the beginning summarised by `run.model`. Where that fails, an outline of the wishes has to do."""
    assert run.model
    summary, usages = "", list[TokenUsage]()
    if not run.model.is_demo:
        summary, usages = await _summarise(run.model.model_id, run.model.context_window, beginning, provider)
    values = {
        "summary": summary or beginning.outline,
        "is_outline": not summary,
        "runs": beginning.runs,
        "saved": beginning.tokens - estimate_tokens(summary or beginning.outline),
    }
    save = database_sync_to_async(Condensation.objects.update_or_create)
    condensation, _is_new = await save(upto=beginning.upto, undone_at=None, defaults=values)
    return condensation, usages


async def condense_now(run: Run, provider: Provider) -> tuple[Condensation, list[TokenUsage]]:
    """As a person asks for it, before a next wish `run`, which need not be saved. Raises BadInput."""
    beginning = await database_sync_to_async(find_beginning)(run)
    if beginning is None:
        raise BadInput("nothing_to_condense", _("There is nothing to condense: only one exchange is told in full."))
    return await condense(run, beginning, provider)


def charge_model(
    user: User, address: str, model: Model, usages: Sequence[TokenUsage], *, kind: str = "condense"
) -> None:
    """What a model has used beside answers."""
    usage = Usage(
        input_tokens=sum(each.input_tokens for each in usages), output_tokens=sum(each.output_tokens for each in usages)
    )
    charge = open_charge(user=user, address=address, run="", kind=kind, model=model.name)
    settle(
        Charge.objects.filter(pk=charge.pk),
        status=RunStatus.FINISHED,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost=cost(model, usage),
    )


def undo(run: Run) -> None:
    """From now on, what stands before and with `run` is told in full again."""
    run.condensations.filter(undone_at=None).update(undone_at=timezone.now())


async def _summarise(model: str, window: int, beginning: Beginning, provider: Provider) -> tuple[str, list[TokenUsage]]:
    """Empty where the model does not give one."""
    share = min(1.0, max(0.1, window - 2 * _LENGTH) / beginning.tokens)  # of each exchange, where all do not fit
    transcript = "\n\n".join(told[: round(len(told) * share)] for told in beginning.told)
    messages = (Message("system", read_prompt("condense")), Message("user", transcript))
    texts: list[str] = []
    usages: list[TokenUsage] = []
    try:
        async for part in provider.stream(ChatRequest(model=model, messages=messages, max_tokens=_LENGTH)):
            if isinstance(part, Text):
                texts.append(part.text)
            elif isinstance(part, TokenUsage):
                usages.append(part)
    except ProviderError:
        return "", usages
    return _without_reasoning("".join(texts)), usages


def _without_reasoning(text: str) -> str:
    return text.rpartition("</think>")[2].strip()
