"""How many tokens there may be where no endpoint has counted them. Estimates, and shown as such."""

import json

from agents.llm.types import ChatRequest, Message

# Characters of a token in code and English, and in Chinese and other scripts. The tokenizers of Qwen and of OpenAI's
# models give 3 to 4.5 and 1.3 to 1.8.
_LATIN = 3.6
_OTHER = 1.6
_IMAGE = 1_000
_MESSAGE = 4  # its role and its separators


def estimate_tokens(text: str) -> int:
    latin = len(text.encode("ascii", "ignore"))
    return round(latin / _LATIN + (len(text) - latin) / _OTHER)


def message_tokens(message: Message) -> int:
    calls = sum(_MESSAGE + estimate_tokens(call.name + call.arguments) for call in message.calls)
    return _MESSAGE + estimate_tokens(message.text) + _IMAGE * len(message.images) + calls


def request_tokens(request: ChatRequest) -> int:
    tools = (estimate_tokens(tool.name + tool.description + json.dumps(tool.parameters)) for tool in request.tools)
    return sum(map(message_tokens, request.messages)) + sum(tools)
