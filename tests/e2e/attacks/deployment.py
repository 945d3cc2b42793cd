"""What the attacks are run against: the real playground, or the weak one."""

import json
import sqlite3
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from tests.e2e.stack import DATABASE, Stack

SECRET = "topsecret2718"


@dataclass(frozen=True)
class Shown:
    """A page of the app that shows an artifact."""

    page: str
    frame: str  # the address of the artifact, as far as the frame's address begins with it


class Deployment(Protocol):
    app: str
    other: str  # the address of somebody else's page, which holds the secret

    def show(self, files: dict[str, str]) -> Shown: ...

    def written(self) -> set[str]:
        """What others than its own pages got the app to write, by the attacks' names."""


class Strong:
    """The real playground; the artifacts are Alice's, and she looks at them."""

    def __init__(self, stack: Stack) -> None:
        self.app = stack.url
        self._database = stack.data / DATABASE
        people = json.loads(stack.manage("shell", "-v", "0", "-c", _PEOPLE))
        self.session: str = people["session"]
        self._token: str = people["alice"]
        other = self._publish(people["bob"], {"index.html": SECRET}, "link")
        self.other: str = other["frame_url"]
        self.private: str = self._publish(people["bob"], {"index.html": SECRET}, "private")["frame_url"]

    def show(self, files: dict[str, str]) -> Shown:
        info = self._publish(self._token, files, "link")
        return Shown(page=info["url"], frame=info["frame_url"])

    def publish(self, files: dict[str, str], **body: str) -> dict[str, str]:
        return self._publish(self._token, files, "link", **body)

    def add_version(self, artifact: str, files: dict[str, str]) -> None:
        self._send("POST", self._token, f"/api/artifacts/{artifact}/versions", {"files": files})

    def allow_hosts(self, artifact: str, hosts: list[str]) -> None:
        self._send("PATCH", self._token, f"/api/artifacts/{artifact}", {"allowed_hosts": hosts})

    def written(self) -> set[str]:
        with closing(sqlite3.connect(self._database)) as connection:
            return {title for (title,) in connection.execute("SELECT title FROM artifacts_artifact")}

    def _publish(self, token: str, files: dict[str, str], visibility: str, **body: str) -> dict[str, str]:
        return self._send(
            "POST", token, "/api/artifacts", {"files": files, "title": "page", "visibility": visibility, **body}
        )

    def _send(self, method: str, token: str, path: str, body: dict[str, object]) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.app}{path}", json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            info: dict[str, str] = json.load(answer)
            return info


_PEOPLE = """
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playground.accounts.models import ApiToken, User
alice, bob = (User.objects.create_user(f"{name}@attacks.example", "correct horse") for name in ("alice", "bob"))
session = SessionStore()
session[SESSION_KEY] = str(alice.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = alice.get_session_auth_hash()
session.save()
tokens = {user.email.partition("@")[0]: ApiToken.objects.issue(user, "attacks")[1] for user in (alice, bob)}
print(json.dumps({"session": session.session_key, **tokens}))
"""
