import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from agents.events import Item, Wrapping
from agents.host import FindLibrary
from agents.inspection import Inspector, Keep, Report
from agents.llm.types import Tool as Declaration
from agents.workspace import Workspace


class Arguments(BaseModel):
    """What a call is given, as forgiving as can be without guessing: lists may come as JSON in a text."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _read_texts(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        lists = {name for name, field in cls.model_fields.items() if get_origin(field.annotation) is tuple}
        return {name: _read_text(value) if name in lists else value for name, value in values.items()}


class Trouble(Exception):
    """A call that could not be done. Says why and what to do, for the model."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a tool works with. `failed_edits` counts by path, in a row."""

    files: Workspace
    keep: Keep
    failed_edits: Mapping[str, int]
    checks_left: int
    inspector: Inspector | None = None
    find_library: FindLibrary | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """`text` is for the model, `summary` for a person; the others where the tool has them. `report` is of a check."""

    text: str
    summary: str
    plan: tuple[Item, ...] | None = None
    wrapping: Wrapping | None = None
    report: Report | None = None
    picture: str = ""  # SHA-256


@dataclass(frozen=True, slots=True)
class Tool[Given: Arguments]:
    """`use` raises Trouble, or what its means raise: Denied, Unseen."""

    name: str
    description: str
    arguments: type[Given]
    use: Callable[[Given, Bench], Awaitable[Result]]

    @property
    def declaration(self) -> Declaration:
        return Declaration(self.name, self.description, schema_of(self.arguments))

    async def call(self, arguments: Mapping[str, Any], bench: Bench) -> Result:
        try:
            given = self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            raise Trouble(f"The arguments of {self.name} are wrong, so it did not run:\n{_explain(error)}") from error
        return await self.use(given, bench)


def unknown_tool(name: str, names: list[str]) -> Trouble:
    nearest = get_close_matches(name, names, 1, 0.4)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    return Trouble(f"There is no tool “{name[:60]}”.{hint} There are: {', '.join(names)}.")


def schema_of(arguments: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema without references and titles, which some servers' grammars do not know."""
    schema = arguments.model_json_schema()
    return _inline(schema, schema.pop("$defs", {}))  # type: ignore[no-any-return]


def _inline(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inline(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inline(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {
        name: _inline(value, definitions)
        for name, value in node.items()
        if name != "default" and not (name == "title" and isinstance(value, str))
    }


def _read_text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return value


def _explain(error: ValidationError) -> str:
    lines = [f"- {'.'.join(map(str, each['loc'])) or 'arguments'}: {each['msg']}" for each in error.errors()]
    return "\n".join(lines[:8])
