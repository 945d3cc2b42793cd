"""A fake of the part of Hugging Face's Hub API that we use, over real HTTP.

It is our reading of what the Hub's own clients send, not the Hub: it checks base64, the order and shape of a commit's
lines and the parent, and wants binary files elsewhere, as the Hub does.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.playground.takeout.server import Answer, FakeServer

TOKEN = "hf_right"


@dataclass
class Space:
    sdk: str = "static"
    private: bool = False
    sha: str = "0" * 40
    files: dict[str, bytes] = field(default_factory=dict)


class FakeHuggingFace(FakeServer):
    def __init__(self) -> None:
        super().__init__()
        self.spaces: dict[str, Space] = {}
        self.commit_in_between = False

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "Invalid username or password."}
        if (method, path) == ("POST", "/api/repos/create"):
            return self._create(json.loads(body))
        found = re.fullmatch(r"/api/spaces/([^/]+/[^/]+)(?:/(\w+)/main(?:/(.*))?)?", path)
        space = self.spaces.get(found[1]) if found else None
        if not found or space is None:
            return 404, {"error": "Repository not found"}
        match method, found[2]:
            case "GET", None:
                return 200, {"id": found[1], "sdk": space.sdk, "sha": space.sha}
            case "POST", "preupload":
                return self._weigh(json.loads(body))
            case "GET", "tree":
                return self._list(space, found[3])
            case "POST", "commit" if headers.get("content-type") == "application/x-ndjson":
                return self._commit(space, [json.loads(line) for line in body.decode().splitlines()])
        return 400, {"error": "Bad request"}

    def _create(self, value: dict[str, Any]) -> Answer:
        name = f"{value['organization']}/{value['name']}"
        if value["type"] != "space" or value["sdk"] not in ("static", "gradio", "docker"):
            return 400, {"error": "Invalid sdk"}
        if value["organization"] != "alice":
            return 403, {"error": "You don't have the rights to create a space under this namespace"}
        if name in self.spaces:
            return 409, {"error": "You already created this space repo"}
        self.spaces[name] = Space(private=value["private"], files={".gitattributes": b"x"})
        return 200, {"url": f"https://hf.test/spaces/{name}"}

    def _weigh(self, value: dict[str, Any]) -> Answer:
        files = []
        for file in value["files"]:
            sample = base64.b64decode(file["sample"], validate=True)
            is_large = b"\0" in sample or file["size"] > 10_000_000
            files.append({"path": file["path"], "uploadMode": "lfs" if is_large else "regular"})
        return 200, {"files": files}

    def _list(self, space: Space, folder: str) -> Answer:
        paths = [path for path in space.files if path.startswith(f"{folder}/")]
        return (200, [{"type": "file", "path": path} for path in paths]) if paths else (404, {"error": "Not found"})

    def _commit(self, space: Space, lines: list[dict[str, Any]]) -> Answer:
        if self.commit_in_between:
            space.sha = "1" * 40
        header = lines[0]["value"]
        if lines[0]["key"] != "header" or not header["summary"]:
            return 400, {"error": "The first line has to be the header"}
        if header.get("parentCommit", space.sha) != space.sha:
            return 412, {"error": "A commit has happened since. Please refresh and try again."}
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "deletedFile" and value["path"] in space.files:
                del space.files[value["path"]]
            elif line["key"] == "file" and value["encoding"] == "base64":
                space.files[value["path"]] = base64.b64decode(value["content"], validate=True)
            else:
                return 400, {"error": f"Cannot do {line['key']}"}
        if not space.files.get("README.md", b"").startswith(b"---\n"):
            return 400, {"error": "The README has no front matter"}
        space.sha = hashlib.sha1(json.dumps(lines).encode(), usedforsecurity=False).hexdigest()
        return 200, {"success": True, "commitOid": space.sha, "commitUrl": "https://hf.test/commit"}
