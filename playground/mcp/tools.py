"""What an agent from elsewhere can call. Each tool goes through the services that the API goes through."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, ValidationError

from playground import protocol
from playground.accounts.models import User
from playground.accounts.quotas import check_may_publish, check_may_verify
from playground.artifacts.access import find_artifact, find_version
from playground.artifacts.addresses import public_url
from playground.artifacts.api import decode_changes, decode_files
from playground.artifacts.drafts import add_changes
from playground.artifacts.files import is_text, read_file
from playground.artifacts.models import Artifact, Version
from playground.artifacts.presenting import file_info
from playground.artifacts.services import create_artifact
from playground.checks.presenting import check_info
from playground.checks.services import order_check
from playground.checks.tasks import wake_worker
from playground.errors import BadInput, NotFound
from playground.protocol import Schema, VisibilityName, Words

PAGE = 30
MOST_TEXT = 200_000  # bytes of files that `read` shows without being asked for each
LONGEST_WAIT = 25  # seconds: a silent connection is cut by some proxies after 30
_PAUSE = 1.0
_SHOWN_MISTAKES = 5
_PERMALINK = re.compile(r"/a/([\w-]{1,16})(?:/v/(\d{1,9}))?(?:[/?#].*)?$", re.ASCII)

type Found = dict[str, Any]
type Files = Annotated[
    dict[str, str],
    Field(
        min_length=1,
        max_length=200,
        description='The whole files by path, such as {"index.html": "<!doctype html>…"}. A file that is no text: '
        "`base64:` and its content.",
    ),
]


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom the token speaks for, and from which IP address."""

    user: User
    address: str


class Publishing(Schema):
    files: Files
    title: Words = Field(default="", max_length=200, description="Empty: the name of the first file.")
    visibility: VisibilityName = Field(
        default="link", description="private: only the owner; link: whoever has the permalink; public: also listed."
    )


class Listing(Schema):
    query: Words = Field(default="", max_length=200, description="Words of the title; empty: all.")
    page: int = Field(default=1, ge=1, le=10_000, description="Thirty artifacts each, the newest first.")


class Place(Schema):
    artifact: Words = Field(min_length=1, max_length=300, description="The artifact's id, or its permalink.")


class Reading(Place):
    version: int | None = Field(default=None, ge=1, le=2**31, description="Its number; none: the latest.")
    paths: list[Words] | None = Field(
        default=None,
        max_length=200,
        description="The files to show; none: all text, as far as it is not too long. Files that are no text are "
        "shown when they are named.",
    )


class Updating(Place):
    files: Annotated[
        dict[str, str | None],
        Field(
            min_length=1,
            max_length=200,
            description="The files that change, each as a whole; null deletes one. The others stay as they are.",
        ),
    ]
    base: int | None = Field(
        default=None,
        ge=1,
        le=2**31,
        description="The version that the files were made from; none: the latest. What is newer is merged in; where "
        "both changed the same lines, the update is refused.",
    )


class Checking(Place):
    version: int | None = Field(default=None, ge=1, le=2**31, description="Its number; none: the latest.")
    again: bool = Field(default=False, description="Order a new check, though there is one.")
    wait: float = Field(
        default=20, ge=0, le=LONGEST_WAIT, description="Seconds to wait for a check that is still to come."
    )


@dataclass(frozen=True, slots=True)
class Tool[Arguments: BaseModel]:
    name: str
    title: str
    description: str
    arguments: type[Arguments]
    work: Callable[[Caller, Arguments], Awaitable[Found]]
    only_reads: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        return self.arguments.model_json_schema()

    async def call(self, caller: Caller, arguments: Mapping[str, Any]) -> Found:
        return await self.work(caller, self.arguments.model_validate(arguments))


async def call(caller: Caller, name: str, arguments: Mapping[str, Any]) -> Found:
    """Raises ValidationError and PlaygroundError, which the agent is told."""
    tool = TOOLS.get(name)
    if tool is None:
        message = _("There is no tool “%(name)s”. There are: %(names)s.")
        raise NotFound("no_tool", message % {"name": name[:60], "names": ", ".join(TOOLS)})
    return await tool.call(caller, arguments)


def tell_mistakes(error: ValidationError) -> str:
    mistakes = [f"{'.'.join(map(str, each['loc'])) or '-'}: {each['msg']}" for each in error.errors()]
    more = len(mistakes) - _SHOWN_MISTAKES
    lines = mistakes[:_SHOWN_MISTAKES] + ([f"… {more}"] if more > 0 else [])
    return _("The arguments are not right; correct them and call again:") + "\n" + "\n".join(lines)


@sync_to_async
def publish(caller: Caller, arguments: Publishing) -> Found:
    files = decode_files(arguments.files)
    check_may_publish(caller.user, caller.address)
    title = arguments.title or next(iter(files))
    return _summary(create_artifact(owner=caller.user, title=title, files=files, visibility=arguments.visibility))


@sync_to_async
def list_artifacts(caller: Caller, arguments: Listing) -> Found:
    own = Artifact.objects.filter(owner=caller.user, title__icontains=arguments.query).order_by("-created_at", "pk")
    first = (arguments.page - 1) * PAGE
    page = list(own[first : first + PAGE + 1])
    return {
        "artifacts": [_summary(artifact.latest) for artifact in page[:PAGE]],
        "next_page": arguments.page + 1 if len(page) > PAGE else None,
    }


@sync_to_async
def read(caller: Caller, arguments: Reading) -> Found:
    version = _find(caller, arguments.artifact, arguments.version)
    _check_paths(version, arguments.paths)
    wanted = _short_texts(version) if arguments.paths is None else arguments.paths
    shown = [
        _tell_file(file_info(path, file, read_file(file) if path in wanted else None), is_shown=path in wanted)
        for path, file in version.files.items()
    ]
    return _summary(version) | {"is_mine": version.artifact.owner_id == caller.user.pk, "files": shown}


@sync_to_async
def update(caller: Caller, arguments: Updating) -> Found:
    artifact_id, _number = _place(arguments.artifact)
    artifact = Artifact.objects.filter(pk=artifact_id, owner=caller.user).first()
    if artifact is None:
        raise NotFound("artifact_not_found", _("This artifact does not exist, or it is not yours. List your own."))
    files = decode_changes(arguments.files)
    check_may_publish(caller.user, caller.address)
    return _summary(add_changes(artifact=artifact, author=caller.user, files=files, base=arguments.base))


async def check(caller: Caller, arguments: Checking) -> Found:
    """Order it where there is none, and wait a while."""
    version = await sync_to_async(_order)(caller, arguments)
    until = time.monotonic() + arguments.wait
    while True:
        found = await sync_to_async(_report)(caller, version)
        if found["state"] not in ("queued", "running") or time.monotonic() >= until:
            return found
        await asyncio.sleep(_PAUSE)


def _order(caller: Caller, arguments: Checking) -> Version:
    version = _find(caller, arguments.artifact, arguments.version)
    if arguments.again or check_info(version).state == "none":
        check_may_verify(caller.user, caller.address)
        order_check(version)
        wake_worker()
    return version


def _report(caller: Caller, version: Version) -> Found:
    """The permissions are looked at each time: an owner may shut the door meanwhile."""
    version = _find(caller, version.artifact_id, version.number)
    info = check_info(version)
    found = info.model_dump(mode="json", include={"state", "verdict", "words", "why", "gates", "problems", "numbers"})
    if info.state in ("queued", "running"):
        found["next"] = _("The check is still to come. Call check again in a few seconds.")
    if info.pictures.thumbnail:
        found["picture"] = public_url(info.pictures.thumbnail)
    return _summary(version) | found


def _find(caller: Caller, place: str, number: int | None) -> Version:
    """One that the caller may open. Raises NotFound."""
    artifact_id, named = _place(place)
    wanted = number or named or find_artifact(caller.user, artifact_id).latest.number
    return find_version(caller.user, artifact_id, wanted, "checked")


def _place(text: str) -> tuple[str, int | None]:
    """The artifact's id, and the version's number where a permalink names one."""
    found = _PERMALINK.search(text)
    if found is None:
        return text, None
    return found[1], int(found[2]) if found[2] else None


def _short_texts(version: Version) -> list[str]:
    """What is shown without being named: text, until it gets too long."""
    paths, left = [], MOST_TEXT
    for path, file in version.files.items():
        if is_text(file) and file["size"] <= left:
            paths.append(path)
            left -= file["size"]
    return paths


def _check_paths(version: Version, paths: list[str] | None) -> None:
    if unknown := [path for path in paths or [] if path not in version.files]:
        message = _("There is no file “%(path)s”. There are: %(paths)s.")
        raise BadInput("no_file", message % {"path": unknown[0][:200], "paths": ", ".join(version.files)})


def _tell_file(info: protocol.FileInfo, *, is_shown: bool) -> Found:
    told: Found = {"path": info.path, "mime": info.mime, "size": info.size}
    if not is_shown:
        return told | {"left_out": True}
    return told | {"content": f"base64:{info.base64}" if info.text is None else info.text}


def _summary(version: Version) -> Found:
    artifact = version.artifact
    return {
        "artifact": artifact.pk,
        "title": artifact.title,
        "visibility": artifact.visibility,
        "version": version.number,
        "permalink": public_url(artifact.get_absolute_url()),
        "version_permalink": public_url(version.get_absolute_url()),
    }


TOOLS: dict[str, Tool[Any]] = {
    tool.name: tool
    for tool in (
        Tool(
            "publish",
            "Publish a page",
            "Publish files as a new web page on the playground. Returns its permalink.",
            Publishing,
            publish,
        ),
        Tool("list", "List my pages", "Your own artifacts, newest first.", Listing, list_artifacts, only_reads=True),
        Tool("read", "Read a page", "An artifact's version with its files.", Reading, read, only_reads=True),
        Tool(
            "update",
            "Update a page",
            "Make the next version of an artifact of yours. The permalink stays the same.",
            Updating,
            update,
        ),
        Tool(
            "check",
            "Check a page",
            "Whether a version works when it is opened in a real browser: the verdict, what was looked at, and the "
            "errors of its scripts. Ordered where there is none yet.",
            Checking,
            check,
        ),
    )
}
