"""What a model that sees images is shown of the page that it is to mend."""

import base64
from dataclasses import replace

from agents.conversation import limit_output
from agents.llm.types import ChatRequest, Image, Message
from agents.prompts import read_prompt
from agents.shift import Shift
from agents.state import State

_SHOTS = ("5", "2", "0.5")  # seconds; the latest that there is


async def show_page(shift: Shift, request: ChatRequest) -> ChatRequest:
    """With a picture of the last check, as long as that failed and nothing has been changed since."""
    shot = _find_shot(shift.state)
    if not shot:
        return request
    picture = base64.b64encode(await shift.host.fetch(shot)).decode()
    image = Image(f"data:image/webp;base64,{picture}")
    *others, last = request.messages
    if last.role == "user":
        messages = (*others, replace(last, images=(image,)))
    else:
        messages = (*others, last, Message("user", read_prompt("picture"), (image,)))
    return limit_output(replace(request, messages=messages), shift.state.task)


def _find_shot(state: State) -> str:
    """The SHA-256 of the picture; empty where there is none to be shown."""
    if not (state.task.sees_images and state.last and state.is_checked and state.last.report.failed):
        return ""
    pictures = state.last.report.pictures
    return next((pictures[name] for name in _SHOTS if name in pictures), "")
