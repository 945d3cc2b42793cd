"""A person's data as a zip: what they said of themselves, their conversations with all answers, their artifacts with
all versions. What is secret (tokens, passwords, webhooks' secrets) is not in it.
"""

import json
import zipfile
from collections.abc import Callable
from typing import IO, Any

from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.blobs import read_blob
from playground.artifacts.files import StoredFile, read_file
from playground.artifacts.models import Artifact, Version
from playground.runs.checkpoints import load_answer, load_frames
from playground.runs.models import Conversation, Run
from playground.runs.presenting import conversation_detail

_README = """# Your data

`profile.json` is what your account says of you, `usage.json` what your answers have used.

`conversations/` has a file for each conversation, with your wishes and the models' answers word for word, and beside it
the images that you sent along. `runs/` has the events of each answer in the order in which they came, as JSON, one a
line.

`artifacts/` has a folder for each artifact, with `artifact.json` and the files of all its versions.

Times are UTC. API tokens, passwords and secrets are not in here.
"""
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


def write_export(user: User, file: IO[bytes], beat: Callable[[], None]) -> None:
    """One conversation's log or one file is in memory at a time. `beat` is called between them."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("README.md", _README)
        _put(archive, "profile.json", _profile(user))
        _put(archive, "usage.json", list(user.charges.order_by("started_at").values(*_USED)))
        for conversation in Conversation.objects.filter(owner=user).order_by("created_at").iterator(chunk_size=50):
            _put_conversation(archive, conversation, user)
            beat()
        for artifact in Artifact.objects.filter(owner=user).order_by("created_at").iterator(chunk_size=50):
            _put_artifact(archive, artifact, beat)


_USED = ("run", "kind", "model", "status", "input_tokens", "output_tokens", "cost", "started_at", "ended_at")


def _profile(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "handle": user.handle,
        "joined_at": user.date_joined,
        "last_seen": user.last_seen,
        "mails_builds": user.mails_builds,
        "api_tokens": list(user.api_tokens.values("name", "prefix", "created_at", "last_used_at")),
        "webhooks": list(user.webhooks.values("url", "events", "is_enabled", "created_at")),
        "signed_in": [
            {"device": sign_in.device, "since": sign_in.since, "last_used_at": sign_in.last_used_at}
            for sign_in in user.sign_ins.all()
        ],
    }


def _put_conversation(archive: zipfile.ZipFile, conversation: Conversation, user: User) -> None:
    detail = conversation_detail(conversation, user).model_dump(mode="json")
    runs = {run.pk: run for run in Run.objects.filter(conversation=conversation).select_related("race")}
    for told in detail["runs"]:
        run = runs.get(told["id"])
        if run is None:  # it has just begun
            continue
        told["answer"] = load_answer(run.pk)
        told["images"] = [_put_image(archive, run, number) for number in range(len(run.images))]
        if not run.is_veiled:  # its events would tell which model runs there, before there was a vote
            lines = [frame.model_dump_json() for frame in load_frames(run.pk, after=0)]
            archive.writestr(f"runs/{run.pk}.jsonl", "\n".join(lines))
    _put(archive, f"conversations/{conversation.pk}.json", detail)


def _put_image(archive: zipfile.ZipFile, run: Run, number: int) -> str:
    image = run.images[number]
    path = f"conversations/{run.conversation_id}/{run.pk}-{number + 1}.{_ENDINGS.get(image['mime'], 'bin')}"
    archive.writestr(path, read_blob(image["blob"]), zipfile.ZIP_STORED)
    return path


def _put_artifact(archive: zipfile.ZipFile, artifact: Artifact, beat: Callable[[], None]) -> None:
    versions = list(artifact.versions.order_by("number"))
    told = {
        "id": artifact.pk,
        "title": artifact.title,
        "visibility": artifact.visibility,
        "permalink": public_url(artifact.get_absolute_url()),
        "allowed_hosts": artifact.allowed_hosts,
        "created_at": artifact.created_at,
        "versions": [_tell_version(version) for version in versions],
    }
    _put(archive, f"artifacts/{artifact.pk}/artifact.json", told)
    for version in versions:
        for path, stored in version.files.items():
            archive.writestr(f"artifacts/{artifact.pk}/v{version.number}/{path}", _read(stored))
        beat()


def _tell_version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "label": version.label,
        "made_by": version.maker,
        "prompt": version.prompt,
        "model": version.model_name,
        "created_at": version.created_at,
        "files": {path: file["size"] for path, file in version.files.items()},
    }


def _read(stored: StoredFile) -> bytes:
    """One that is lost in the storage must not keep all the others back."""
    try:
        return read_file(stored)
    except OSError:
        return b""


def _put(archive: zipfile.ZipFile, path: str, value: Any) -> None:
    archive.writestr(path, json.dumps(value, ensure_ascii=False, indent=1, default=str).encode(errors="replace"))
