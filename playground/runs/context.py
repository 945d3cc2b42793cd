"""The window's use by a wish that is not made yet."""

from agents.llm.tokens import message_tokens
from playground import protocol
from playground.gateway.models import Model
from playground.runs.condensing import find_beginning, room_for_prompt
from playground.runs.models import Run
from playground.runs.prompting import build_request


def next_run(parent: Run, model: Model) -> Run:
    """An empty wish after `parent`: what the next one adds its words to. Not saved."""
    return Run(conversation=parent.conversation, parent=parent, model=model, model_name=model.name, prompt="")


def measure(parent: Run, model: Model) -> protocol.ContextInfo:
    run = next_run(parent, model)
    request = build_request(run)
    instructions, *conversation, wish = map(message_tokens, request.messages)
    return protocol.ContextInfo(
        window=model.context_window,
        answer=model.context_window - room_for_prompt(request, model.context_window),
        instructions=instructions,
        conversation=sum(conversation),
        files=wish,
        counted=_counted(parent),
        can_condense=find_beginning(run) is not None,
    )


def _counted(run: Run) -> int | None:
    if run.usage is None:
        return None
    usage = protocol.Usage.model_validate(run.usage)
    return None if usage.estimated else usage.input_tokens
