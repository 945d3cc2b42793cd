"""GitHub's REST API, version 2022-11-28, by its Git database: blobs, trees, a commit, a reference.

After https://docs.github.com/en/rest/git (blobs, trees, commits, refs), …/rest/repos/repos (creating), and
…/rest/guides/using-the-rest-api-to-interact-with-your-git-database, which says that an empty repository answers 409
until `PUT …/contents/{path}` has put a first file into it. …/rest/using-the-rest-api/rate-limits-for-the-rest-api: at
most 80 requests a minute that create content, so small texts go into the tree itself instead of becoming blobs one by
one.
"""

import hashlib
from base64 import b64encode
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from playground import protocol
from playground.errors import BadInput
from playground.takeout.pushing.client import Client, Refused
from playground.takeout.pushing.failures import conflict, explain
from playground.takeout.pushing.parcel import SOURCE, Parcel

SERVICE = "GitHub"
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_INLINE = 256 * 1024  # bytes of a text that goes into the tree's own request
_INLINE_TOTAL = 8 * 1024 * 1024


async def push(wish: protocol.GithubPush, parcel: Parcel) -> protocol.Pushed:
    """Raises PlaygroundError. The branch only ever moves forward; other files in the repository stay."""
    async with Client(settings.GITHUB_API, wish.token, SERVICE, _HEADERS) as client:
        try:
            repository = await _find_repository(client, wish, parcel)
            return await _Push(client, repository, wish, parcel).run()
        except Refused as refused:
            raise explain(refused, SERVICE, wish.repository) from None
        except (KeyError, TypeError):
            raise explain(Refused(502, _("an answer of another kind"), {}), SERVICE, wish.repository) from None


async def _find_repository(client: Client, wish: protocol.GithubPush, parcel: Parcel) -> Any:
    owner, _slash, name = wish.repository.rpartition("/")
    if not wish.create and owner:
        return await client.send("GET", f"/repos/{owner}/{name}")
    login = (await client.send("GET", "/user"))["login"]
    if not wish.create:
        return await client.send("GET", f"/repos/{login}/{name}")
    body = {"name": name, "private": wish.private, "auto_init": True, "description": parcel.title[:300]}
    is_own = not owner or owner.lower() == login.lower()
    try:
        return await client.send("POST", "/user/repos" if is_own else f"/orgs/{owner}/repos", json=body)
    except Refused as refused:
        if refused.status == 422:
            message = _("%(place)s could not be created. If it is there already, switch off “Create it”.")
            raise BadInput("push_exists", message % {"place": wish.repository}) from None
        raise


class _Push:
    def __init__(self, client: Client, repository: Any, wish: protocol.GithubPush, parcel: Parcel) -> None:
        self._client = client
        self._root = f"/repos/{quote(repository['full_name'])}"
        self._repository = repository
        self._wish = wish
        self._parcel = parcel
        self._branch = wish.branch or repository["default_branch"]
        self._room = _INLINE_TOTAL

    async def run(self) -> protocol.Pushed:
        head, is_new_branch = await self._find_head()
        before = (await self._send("GET", f"/git/commits/{head}"))["tree"]["sha"]
        tree = await self._make_tree(before)
        commit = head
        if tree != before:
            body = {"message": self._wish.message or self._parcel.title, "tree": tree, "parents": [head]}
            commit = (await self._send("POST", "/git/commits", json=body))["sha"]
        if is_new_branch or commit != head:
            await self._move(commit, is_new_branch=is_new_branch)
        url = f"{self._repository['html_url']}/tree/{quote(self._branch)}"
        return protocol.Pushed(url=url, commit=commit, left_out=[])

    async def _find_head(self) -> tuple[str, bool]:
        """The commit to go on from, and whether the branch is yet to be made."""
        try:
            return await self._read_head(self._branch), False
        except Refused as refused:
            if refused.status == 409:
                return await self._begin(), False
            if refused.status != 404 or self._branch == self._repository["default_branch"]:
                raise
        return await self._read_head(self._repository["default_branch"]), True

    async def _read_head(self, branch: str) -> str:
        return str((await self._send("GET", f"/git/ref/heads/{quote(branch)}"))["object"]["sha"])

    async def _begin(self) -> str:
        """The first commit of an empty repository, which the Git database cannot make."""
        content = b64encode(self._parcel.readme.encode()).decode()
        body = {"message": "First commit", "content": content, "branch": self._branch}
        return str((await self._send("PUT", "/contents/README.md", json=body))["commit"]["sha"])

    async def _make_tree(self, base: str) -> str:
        """The folder of the sources is put in place of the old one, so that files that are gone go there, too."""
        sources = await self._post_tree({"tree": await self._entries(self._parcel.sources)})
        files = self._parcel.files | ({"README.md": self._parcel.readme.encode()} if self._wish.create else {})
        folder = {"path": SOURCE, "mode": "040000", "type": "tree", "sha": sources}
        return await self._post_tree({"base_tree": base, "tree": [*await self._entries(files), folder]})

    async def _post_tree(self, body: dict[str, Any]) -> str:
        return str((await self._send("POST", "/git/trees", json=body))["sha"])

    async def _entries(self, files: dict[str, bytes]) -> list[dict[str, str]]:
        return [{"path": path, "mode": "100644", "type": "blob"} | await self._content(files[path]) for path in files]

    async def _content(self, content: bytes) -> dict[str, str]:
        if len(content) <= min(_INLINE, self._room):
            try:
                text = content.decode()
            except UnicodeDecodeError:
                pass
            else:
                self._room -= len(content)
                return {"content": text}
        body = {"content": b64encode(content).decode(), "encoding": "base64"}
        sha = (await self._send("POST", "/git/blobs", json=body))["sha"]
        if sha != blob_sha(content):
            raise Refused(502, _("a file arrived damaged"), {})
        return {"sha": sha}

    async def _move(self, commit: str, *, is_new_branch: bool) -> None:
        if is_new_branch:
            await self._send("POST", "/git/refs", json={"ref": f"refs/heads/{self._branch}", "sha": commit})
            return
        try:
            body = {"sha": commit, "force": False}
            await self._send("PATCH", f"/git/refs/heads/{quote(self._branch)}", json=body)
        except Refused as refused:
            if refused.status == 422:  # not a fast-forward: somebody pushed in between
                raise conflict(SERVICE, self._wish.repository) from None
            raise

    async def _send(self, method: str, path: str, **content: Any) -> Any:
        return await self._client.send(method, self._root + path, **content)


def blob_sha(content: bytes) -> str:
    """The name that Git gives a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
