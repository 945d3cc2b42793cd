"""Hugging Face's Hub API, as its own clients use it: create a static Space, ask how files may be sent, commit them.

After https://github.com/huggingface/huggingface_hub: `hf_api.py` (`create_repo`: POST /api/repos/create with `type`,
`sdk`, `name`, `organization`, `private`; 409 where it exists) and `_commit_api.py` (POST …/preupload/{revision}, and
POST …/commit/{revision} with lines of JSON: `header`, `file` in base64, `deletedFile`). The front matter of a Space's
README is described at https://huggingface.co/docs/hub/spaces-config-reference.

Large and binary files the Hub wants in its large-file storage, on hosts of others; those we do not contact, so such
sources are left out and named in the answer. The page itself has all of them inside.
"""

import json
from base64 import b64encode
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from playground import protocol
from playground.errors import PlaygroundError
from playground.takeout.pushing.client import Client, Refused
from playground.takeout.pushing.failures import explain
from playground.takeout.pushing.parcel import SOURCE, Parcel

SERVICE = "Hugging Face"
_SAMPLE = 512  # bytes of each file that the Hub wants to see beforehand
_REVISION = "main"


async def push(wish: protocol.HuggingFacePush, parcel: Parcel) -> protocol.Pushed:
    """Raises PlaygroundError. An existing Space has to be static; its other files stay."""
    async with Client(settings.HUGGINGFACE_URL, wish.token, SERVICE, {"Accept": "application/json"}) as client:
        try:
            is_new = await _create(client, wish)
            return await _commit(client, wish, parcel, is_new=is_new)
        except Refused as refused:
            raise explain(refused, SERVICE, wish.space) from None
        except (KeyError, TypeError):
            raise explain(Refused(502, _("an answer of another kind"), {}), SERVICE, wish.space) from None


async def _create(client: Client, wish: protocol.HuggingFacePush) -> bool:
    """False where the Space was there already."""
    owner, _slash, name = wish.space.partition("/")
    body = {"type": "space", "sdk": "static", "name": name, "organization": owner, "private": wish.private}
    try:
        await client.send("POST", "/api/repos/create", json=body)
    except Refused as refused:
        if refused.status != 409:
            raise
        return False
    return True


async def _commit(client: Client, wish: protocol.HuggingFacePush, parcel: Parcel, *, is_new: bool) -> protocol.Pushed:
    root = f"/api/spaces/{wish.space}"
    space = await client.send("GET", root)
    if space.get("sdk") != "static":
        message = _("%(place)s is a Space of another kind. Choose a static one, or a new name.")
        raise PlaygroundError("push_not_static", message % {"place": wish.space}, status=409)
    files = parcel.files | {f"{SOURCE}/{path}": content for path, content in parcel.sources.items()}
    if is_new:
        files["README.md"] = _readme(parcel).encode()
    left_out = await _find_large(client, root, files)
    if "index.html" in left_out:
        message = _("The page is too large for a Space by this way. Take it as one HTML file, and upload that.")
        raise PlaygroundError("push_too_large", message, status=413)
    sent = {path: content for path, content in files.items() if path not in left_out}
    gone = await _find_gone(client, root, sent) if not is_new else []
    lines = [_header(parcel, space.get("sha")), *map(_file, sent.items()), *map(_deletion, gone)]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    headers = {"Content-Type": "application/x-ndjson"}
    done = await client.send("POST", f"{root}/commit/{_REVISION}", content=content, headers=headers)
    url = f"{settings.HUGGINGFACE_URL.rstrip('/')}/spaces/{wish.space}"
    return protocol.Pushed(url=url, commit=str(done["commitOid"]), left_out=sorted(left_out))


async def _find_large(client: Client, root: str, files: dict[str, bytes]) -> set[str]:
    """Those that the Hub does not take in a commit itself."""
    about = [
        {"path": path, "size": len(content), "sample": b64encode(content[:_SAMPLE]).decode()}
        for path, content in files.items()
    ]
    answer = await client.send("POST", f"{root}/preupload/{_REVISION}", json={"files": about})
    return {file["path"] for file in answer["files"] if file["uploadMode"] != "regular" or file.get("shouldIgnore")}


async def _find_gone(client: Client, root: str, files: dict[str, bytes]) -> list[str]:
    """Sources of an earlier push that this version has no more."""
    try:
        entries = await client.send("GET", f"{root}/tree/{_REVISION}/{SOURCE}", params={"recursive": "true"})
    except Refused as refused:
        if refused.status == 404:  # no such folder yet
            return []
        raise
    return [entry["path"] for entry in entries if entry["type"] == "file" and entry["path"] not in files]


def _header(parcel: Parcel, parent: str | None) -> dict[str, Any]:
    """With the parent, so that the Hub refuses where somebody committed in between."""
    value = {"summary": parcel.title[:200], "description": ""}
    return {"key": "header", "value": value | ({"parentCommit": parent} if parent else {})}


def _file(item: tuple[str, bytes]) -> dict[str, Any]:
    path, content = item
    return {"key": "file", "value": {"path": path, "content": b64encode(content).decode(), "encoding": "base64"}}


def _deletion(path: str) -> dict[str, Any]:
    return {"key": "deletedFile", "value": {"path": path}}


def _readme(parcel: Parcel) -> str:
    """A JSON string is a YAML string, whatever the title holds."""
    front = {"title": parcel.title[:100], "emoji": "🪁", "colorFrom": "gray", "colorTo": "red", "sdk": "static"}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
    return "\n".join(["---", *lines, "pinned: false", "---", "", parcel.readme])
