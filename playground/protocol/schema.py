"""What all wire types are made of."""

from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict


class Schema(BaseModel):
    """Base of all wire types: immutable, and a field nobody declared is a bug at construction."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


def _without_nul(text: str) -> str:
    """PostgreSQL cannot keep it."""
    if "\0" in text:
        raise ValueError("text cannot contain the character NUL")
    return text


Words = Annotated[str, AfterValidator(_without_nul)]  # whatever comes from outside and meets the database


def _one_line(text: str) -> str:
    """Nothing that hides, turns the direction of text, or breaks the line: no control or format characters."""
    seen = (" " if category(c) in ("Cc", "Zl", "Zp") else c for c in text if category(c) != "Cf")
    return " ".join("".join(seen).split())


Line = Annotated[str, AfterValidator(_one_line)]  # what a page said of itself


class Problem(Schema):
    """A failure a person can meet. `message` says what happened and what to do."""

    code: str
    message: str
    retryable: bool = False
    retry_after: float | None = None  # seconds
