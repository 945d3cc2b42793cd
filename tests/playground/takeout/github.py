"""A fake of the part of GitHub's REST API that we use, over real HTTP: a small Git database in memory.

It is our reading of the documentation, not GitHub: it checks what the documentation says is checked (base64, names of
objects, parents, fast-forwards), so that a request which it takes is one that ought to work there.
"""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.playground.takeout.server import Answer, FakeServer

TOKEN = "ghp_right"


@dataclass
class Repository:
    full_name: str
    private: bool = False
    default_branch: str = "main"
    refs: dict[str, str] = field(default_factory=dict)  # commits by branch


class FakeGithub(FakeServer):
    def __init__(self) -> None:
        super().__init__()
        self.repositories: dict[str, Repository] = {}
        self.blobs: dict[str, bytes] = {}
        self.trees: dict[str, dict[str, dict[str, str]]] = {}
        self.commits: dict[str, dict[str, Any]] = {}
        self.scopes = True  # whether the token may write
        self.push_in_between = False

    def add(self, name: str, *, is_empty: bool = False, **files: str) -> Repository:
        repository = self.repositories[name] = Repository(name)
        if not is_empty:
            self._commit(repository, {path.replace("_", "."): text.encode() for path, text in files.items()})
        return repository

    def files(self, name: str, branch: str = "main") -> dict[str, bytes]:
        """The contents of a branch by path."""
        return self._read(self.commits[self.repositories[name].refs[branch]]["tree"], "")

    def answer(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Bad credentials"}
        if headers.get("x-github-api-version") != "2022-11-28" or not headers.get("user-agent"):
            return 400, {"message": "Headers are missing"}
        value = json.loads(body) if body else {}
        if method != "GET" and not self.scopes:
            return 403, {"message": "Resource not accessible by personal access token"}
        if path == "/user":
            return 200, {"login": "alice"}
        if path in ("/user/repos", "/orgs/company/repos") and method == "POST":
            return self._create("alice" if path == "/user/repos" else "company", value)
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", path)
        repository = self.repositories.get(found[1]) if found else None
        if not found or repository is None:
            return 404, {"message": "Not Found"}
        return self._in_repository(repository, method, found[2] or "", value)

    def _create(self, owner: str, value: dict[str, Any]) -> Answer:
        name = f"{owner}/{value['name']}"
        if name in self.repositories:
            return 422, {"message": "Repository creation failed.", "errors": [{"message": "name already exists"}]}
        repository = self.add(name, is_empty=not value["auto_init"], README_md="# new")
        repository.private = value["private"]
        return 201, self._describe(repository)

    def _describe(self, repository: Repository) -> dict[str, Any]:
        return {
            "full_name": repository.full_name,
            "default_branch": repository.default_branch,
            "html_url": f"https://github.test/{repository.full_name}",
        }

    def _in_repository(self, repository: Repository, method: str, path: str, value: dict[str, Any]) -> Answer:
        if path == "":
            return 200, self._describe(repository)
        if not repository.refs and (method, path) != ("PUT", "/contents/README.md"):
            return 409, {"message": "Git Repository is empty."}
        kind = path.split("/")[2] if path.startswith("/git/") else "contents"
        actions = {
            "ref": self._ref,
            "refs": self._move,
            "commits": self._commits,
            "trees": self._make_tree,
            "blobs": self._make_blob,
            "contents": self._put,
        }
        return actions[kind](repository, method, path, value)

    def _put(self, repository: Repository, method: str, path: str, value: dict[str, Any]) -> Answer:
        sha = self._commit(repository, {"README.md": base64.b64decode(value["content"], validate=True)})
        return 201, {"commit": {"sha": sha}}

    def _ref(self, repository: Repository, method: str, path: str, value: dict[str, Any]) -> Answer:
        sha = repository.refs.get(path.removeprefix("/git/ref/heads/"))
        return (200, {"object": {"sha": sha}}) if sha else (404, {"message": "Not Found"})

    def _commits(self, repository: Repository, method: str, path: str, value: dict[str, Any]) -> Answer:
        if method == "GET":
            commit = self.commits.get(path.removeprefix("/git/commits/"))
            return (200, {"tree": {"sha": commit["tree"]}}) if commit else (404, {"message": "Not Found"})
        if value["tree"] not in self.trees or not set(value["parents"]) <= set(self.commits) or not value["message"]:
            return 422, {"message": "Tree SHA or parents do not exist"}
        return 201, {"sha": self._keep(self.commits, value)}

    def _make_blob(self, repository: Repository, method: str, path: str, value: dict[str, Any]) -> Answer:
        try:
            assert value["encoding"] == "base64"
            content = base64.b64decode(value["content"], validate=True)
        except (binascii.Error, AssertionError):
            return 422, {"message": "content is not valid Base64"}
        return 201, {"sha": self._blob(content)}

    def _make_tree(self, repository: Repository, method: str, path: str, value: dict[str, Any]) -> Answer:
        if "base_tree" in value and value["base_tree"] not in self.trees:
            return 404, {"message": "Not Found"}
        tree = dict(self.trees[value["base_tree"]]) if "base_tree" in value else {}
        for entry in value["tree"]:
            if ("sha" in entry) == ("content" in entry):
                return 422, {"message": "Must supply either tree.sha or tree.content"}
            sha = entry.get("sha") or self._blob(entry["content"].encode())
            known = self.trees if entry["type"] == "tree" else self.blobs
            if sha not in known or entry["mode"] != ("040000" if entry["type"] == "tree" else "100644"):
                return 422, {"message": "tree.sha is not valid"}
            self._set(tree, entry["path"], {"type": entry["type"], "sha": sha})
        return 201, {"sha": self._keep(self.trees, tree)}

    def _set(self, tree: dict[str, dict[str, str]], path: str, entry: dict[str, str]) -> None:
        name, slash, rest = path.partition("/")
        if not slash:
            tree[name] = entry
            return
        inner = dict(self.trees[tree[name]["sha"]]) if name in tree else {}
        self._set(inner, rest, entry)
        tree[name] = {"type": "tree", "sha": self._keep(self.trees, inner)}

    def _move(self, repository: Repository, method: str, path: str, value: dict[str, Any]) -> Answer:
        if self.push_in_between:
            self._commit(repository, {"other.txt": b"somebody else's"})
        if value["sha"] not in self.commits:
            return 422, {"message": "Object does not exist"}
        if method == "POST":
            branch = value["ref"].removeprefix("refs/heads/")
            if branch in repository.refs or branch == value["ref"]:
                return 422, {"message": "Reference already exists"}
        else:
            branch = path.removeprefix("/git/refs/heads/")
            if not value.get("force") and repository.refs[branch] not in self._ancestors(value["sha"]):
                return 422, {"message": "Update is not a fast forward"}
        repository.refs[branch] = value["sha"]
        return 200, {"ref": f"refs/heads/{branch}"}

    def _ancestors(self, sha: str) -> set[str]:
        return {sha}.union(*(self._ancestors(parent) for parent in self.commits[sha]["parents"]))

    def _commit(self, repository: Repository, files: dict[str, bytes]) -> str:
        parent = repository.refs.get(repository.default_branch)
        tree = dict(self.trees[self.commits[parent]["tree"]]) if parent else {}
        for path, content in files.items():
            self._set(tree, path, {"type": "blob", "sha": self._blob(content)})
        commit = {"tree": self._keep(self.trees, tree), "parents": [parent] if parent else [], "message": "x"}
        repository.refs[repository.default_branch] = self._keep(self.commits, commit)
        return repository.refs[repository.default_branch]

    def _blob(self, content: bytes) -> str:
        sha = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        self.blobs[sha] = content
        return sha

    def _keep(self, where: dict[str, Any], value: Any) -> str:
        sha = hashlib.sha1(json.dumps(value, sort_keys=True).encode(), usedforsecurity=False).hexdigest()
        where[sha] = value
        return sha

    def _read(self, tree: str, prefix: str) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for name, entry in self.trees[tree].items():
            if entry["type"] == "tree":
                files |= self._read(entry["sha"], f"{prefix}{name}/")
            else:
                files[prefix + name] = self.blobs[entry["sha"]]
        return files
