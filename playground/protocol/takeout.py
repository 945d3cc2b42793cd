"""Where a page can be taken."""

from typing import Annotated

from pydantic import Field

from playground.protocol.schema import Schema, Words

_NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]*"
_BRANCH = f"{_NAME}(?:/{_NAME})*"
Token = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[!-~]+$")]  # used once, never kept


class TakeoutServices(Schema):
    """Where versions may be pushed to: for each, where a token for it is made. None: this playground does not."""

    github: str | None
    huggingface: str | None


class TakeoutInfo(Schema):
    """A version as one HTML file. `outside`: what it cannot hold (addresses and hosts elsewhere, other pages)."""

    size: int  # bytes
    outside: list[str]


class GithubPush(Schema):
    """Body of `POST …/push/github`. `repository` may go without its owner; the default branch if none."""

    token: Token
    repository: str = Field(pattern=f"^(?:[A-Za-z0-9-]+/)?{_NAME}$", max_length=140)
    create: bool = False
    private: bool = False
    branch: str = Field(default="", pattern=f"^(?:{_BRANCH})?$", max_length=200)
    message: Words = Field(default="", max_length=500)


class HuggingFacePush(Schema):
    """Body of `POST …/push/huggingface`. The Space is created where it is not there."""

    token: Token
    space: str = Field(pattern=f"^{_NAME}/{_NAME}$", max_length=200)
    private: bool = False


class Pushed(Schema):
    """`url`: where it is now. `left_out`: sources that the service takes only otherwise; the page holds them."""

    url: str
    commit: str
    left_out: list[str]
