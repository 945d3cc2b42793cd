"""How servers are told to go on with an answer that has begun."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit


class Prefill(StrEnum):
    """The ways that servers document."""

    FLAG = "flag"  # vLLM and SGLang: `continue_final_message` beside the messages
    PARTIAL = "partial"  # DashScope and Moonshot: `partial` in the last message
    PLAIN = "plain"  # llama.cpp: a last message of the assistant is always gone on with


_OWNERS = {"vllm": Prefill.FLAG, "sglang": Prefill.FLAG, "llamacpp": Prefill.PLAIN}
_HOSTS = {"dashscope": Prefill.PARTIAL, "moonshot": Prefill.PARTIAL}


def find_prefill(base_url: str, owners: Iterable[str]) -> Prefill | None:
    """By the host's name, else by whom the server names as its models' owner. None: the model must be asked."""
    host = urlsplit(base_url).hostname or ""
    by_host = (prefill for name, prefill in _HOSTS.items() if name in host)
    by_owner = (_OWNERS[owner] for owner in owners if owner in _OWNERS)
    return next(by_host, None) or next(by_owner, None)


def mark(body: dict[str, Any], prefill: Prefill) -> None:
    """Say in `body`, in place, that its last message is the beginning of the answer."""
    match prefill:
        case Prefill.FLAG:
            body["extra_body"] = {"add_generation_prompt": False, "continue_final_message": True}
        case Prefill.PARTIAL:
            body["messages"][-1]["partial"] = True
        case Prefill.PLAIN:
            pass
