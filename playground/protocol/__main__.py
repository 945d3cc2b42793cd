"""The wire schema as JSON schema, for `make protocol`."""

import json

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from playground.protocol.artifacts import ArtifactInfo, ArtifactRequest, VersionInfo, VersionPage
from playground.protocol.build_events import BuildSteps
from playground.protocol.builds import (
    BuildDetail,
    BuildFiles,
    BuildFork,
    BuildMeans,
    BuildMessage,
    BuildNotice,
    BuildSteer,
    BuildStop,
    ChecklistProposal,
    ChecklistRequest,
)
from playground.protocol.checks import CheckInfo
from playground.protocol.conversations import Batch, ConversationDetail, ConversationInfo, ConversationNews
from playground.protocol.drafts import DraftInfo, DraftRequest, DraftSave, DraftSaved
from playground.protocol.events import Frame
from playground.protocol.films import Branch, Branched, FilmInfo, FilmStep
from playground.protocol.gallery import GalleryStanding
from playground.protocol.people import SharingInfo
from playground.protocol.races import Keep, RaceDetail, RaceRequest, Vote
from playground.protocol.runs import ContextInfo, RunInfo
from playground.protocol.schema import Schema
from playground.protocol.socket import Follow, Ping, Pong, Refused, Seen, Unfollow, Unwatch, Watch
from playground.protocol.takeout import GithubPush, HuggingFacePush, Pushed, TakeoutInfo, TakeoutServices
from playground.protocol.wishes import BuildRequest, RunRequest
from playground.protocol.workbench import Bootstrap

SENT: tuple[type[Schema], ...] = (
    Frame,
    Refused,
    Pong,
    ConversationNews,
    SharingInfo,
    Batch,
    RunInfo,
    ContextInfo,
    RaceDetail,
    ConversationInfo,
    ConversationDetail,
    VersionInfo,
    VersionPage,
    FilmInfo,
    FilmStep,
    Branched,
    ArtifactInfo,
    CheckInfo,
    DraftInfo,
    DraftSaved,
    Bootstrap,
    TakeoutServices,
    TakeoutInfo,
    Pushed,
    GalleryStanding,
    BuildDetail,
    BuildFiles,
    BuildMessage,
    BuildSteps,
    ChecklistProposal,
    BuildMeans,
)
RECEIVED: tuple[type[Schema], ...] = (
    Follow,
    Seen,
    Unfollow,
    Watch,
    Unwatch,
    Ping,
    RunRequest,
    BuildRequest,
    RaceRequest,
    Vote,
    Keep,
    Branch,
    ArtifactRequest,
    GithubPush,
    HuggingFacePush,
    DraftRequest,
    DraftSave,
    BuildStop,
    BuildSteer,
    BuildFork,
    ChecklistRequest,
    BuildNotice,
)


def json_schema() -> dict[str, object]:
    """One JSON schema with a definition for each wire type: as we send it, or as we accept it."""
    sent: list[tuple[type[BaseModel], JsonSchemaMode]] = [(wire_type, "serialization") for wire_type in SENT]
    received: list[tuple[type[BaseModel], JsonSchemaMode]] = [(wire_type, "validation") for wire_type in RECEIVED]
    _, schema = models_json_schema(sent + received)
    for definition in schema["$defs"].values():
        for field in definition.get("properties", {}).values():
            field.pop("title", None)  # else each field becomes a named type
            field.pop("minItems", None)  # else a list is a tuple there
            if "$ref" in field:
                field.pop("default", None)  # else each becomes a type of its own
    wire = {wire_type.__name__: {"$ref": f"#/$defs/{wire_type.__name__}"} for wire_type in SENT + RECEIVED}
    return {
        "title": "Wire",
        "type": "object",
        "properties": wire,
        "required": list(wire),
        "additionalProperties": False,
        "$defs": schema["$defs"],
    }


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=2))
