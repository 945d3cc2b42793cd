"""Builds in this process, with a model that plays a script, so that a test decides when somebody works at them."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from agents.host import Means
from agents.llm.scripted import Turns
from agents.llm.types import ChatRequest, StreamPart, ToolCall
from playground.accounts.models import User
from playground.builds import services, working
from playground.builds.leases import claim_next
from playground.builds.models import Build
from playground.gateway.models import Model
from playground.protocol import BuildRequest
from playground.runs.models import Run
from tests.conftest import connect_model

PAGE = "<!doctype html><html lang=en><title>Counter</title><h1>0</h1>\n"

type Script = Sequence[StreamPart | str | Exception]


def call(name: str, **arguments: object) -> ToolCall:
    return ToolCall("", name, json.dumps(arguments))


PLAN = call("set_plan", items=[{"id": "1", "text": "A counter", "status": "doing"}])
PLANNED = call("set_plan", items=[{"id": "1", "text": "A counter", "status": "done"}])
WRITE = call("write_file", path="index.html", content=PAGE)
FINISH = call("finish", title="Counter", summary="A page that counts.", controls=["click: one more"])
GOOD: list[Script] = [[PLAN], [WRITE], [PLANNED], [FINISH]]


class Repeatable(Turns):
    """Answers by the conversation: whoever asks the same hears the same."""

    def stream(self, request: ChatRequest):  # type: ignore[no-untyped-def]
        answered = sum(message.role == "assistant" for message in request.messages)
        self.requests = [request] * answered
        return super().stream(request)


def play(monkeypatch: pytest.MonkeyPatch, *scripts: Script, delay: float = 0.0) -> Turns:
    """All builds of this test are played so, without a browser and without commands."""
    provider = Repeatable(*scripts, delay=delay)

    async def find_means(run: Run) -> Means:
        return Means(provider)

    monkeypatch.setattr(working, "find_means", find_means)
    monkeypatch.setattr(working, "describe_means", lambda: {"commands": False, "level": "files", "verifies": False})
    return provider


def any_model(name: str = "coder") -> Model:
    return Model.objects.filter(name=name).first() or connect_model("http://127.0.0.1:1/v1", name)


async def start(user: User, **request: Any) -> Run:
    await sync_to_async(any_model)()
    body = BuildRequest.model_validate({"kind": "build", "prompt": "a counter", **request})
    return await services.start(user=user, address="127.0.0.1", request=body)


async def work() -> Build | None:
    """One slice of the build whose turn it is."""
    build = await sync_to_async(claim_next)("test")
    if build:
        await working.work_on(build, lambda: False)
        await build.run.arefresh_from_db()
    return build
