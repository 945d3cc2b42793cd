"""A model says what a wish asks for, as a list to tick off, before anything is built."""

import re

from agents.errors import ProviderError
from agents.llm.types import ChatRequest, Message, Text, TokenUsage
from playground.errors import PlaygroundError
from playground.gateway.models import Model
from playground.gateway.services import provider_for
from playground.runs.prompting import read_prompt

MOST = 12
_LONGEST = 200  # characters of an item
_TOKENS = 800
_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s*(?:\[.?\]\s*)?(.+)$")


async def propose(model: Model, prompt: str) -> tuple[list[str], TokenUsage | None]:
    """Raises PlaygroundError where the model gives no list."""
    messages = (Message("system", read_prompt("checklist")), Message("user", prompt))
    request = ChatRequest(model=model.model_id, messages=messages, max_tokens=min(_TOKENS, model.output_limit))
    texts: list[str] = []
    usage = None
    try:
        async for part in provider_for(model).stream(request):
            if isinstance(part, Text):
                texts.append(part.text)
            if isinstance(part, TokenUsage):
                usage = part
    except ProviderError as error:
        raise PlaygroundError(error.code, error.message, status=502, retryable=error.retryable) from error
    return read_items("".join(texts)), usage


def read_items(text: str) -> list[str]:
    """The lines that are marked as items, whatever stands around them."""
    marked = [match[1] for line in text.splitlines() if (match := _MARK.match(line))]
    found = [item.strip(" \t*_")[:_LONGEST] for item in marked]
    return list(dict.fromkeys(filter(None, found)))[:MOST]
