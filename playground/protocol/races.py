"""Several models at one wish."""

from typing import Literal

from pydantic import Field

from playground.protocol.runs import RunInfo
from playground.protocol.schema import Schema, Words
from playground.protocol.wishes import Wish


class RaceRequest(Wish):
    """Body of `POST /api/races`: one wish to several models. `blind`: nobody learns which is which before the vote."""

    models: list[int | str] = Field(min_length=2, max_length=4)  # each as in RunRequest, and each only once
    blind: bool = False


class Vote(Schema):
    """Body of `POST /api/races/{id}/vote`. `run` is the best lane with the verdict "best", else null."""

    verdict: Literal["best", "tie", "bad"]
    run: Words | None = None


class Keep(Schema):
    """Body of `POST /api/races/{id}/keep`: the lane that becomes the version."""

    run: Words


class RaceInfo(Schema):
    """Several models at one wish. Each lane is a run; lanes become versions by being kept."""

    id: str
    conversation: str
    lanes: list[str]  # runs, from left to right; of a blind race in random order
    is_blind: bool
    is_veiled: bool  # blind, and not voted on yet
    verdict: Literal["best", "tie", "bad"] | None
    best: str | None
    kept: str | None  # the lane that was kept last: the conversation goes on from it


class RaceDetail(RaceInfo):
    runs: list[RunInfo]
