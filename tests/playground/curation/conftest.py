import pytest
from django.contrib.auth.models import Group
from django.test import Client

from playground.accounts.models import User
from playground.artifacts.models import Version
from playground.artifacts.services import Origin, create_artifact
from playground.curation.roles import GROUP
from playground.gallery.models import Entry
from playground.gallery.services import accept, submit


@pytest.fixture
def curator() -> User:
    """In the group as a migration makes it."""
    user = User.objects.create_user("curator@example.com", "correct horse")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def publish(owner: User, title: str = "Kite", page: str = "<!doctype html><p>kite</p>") -> Version:
    files = {"index.html": page.encode()}
    return create_artifact(owner=owner, title=title, files=files, origin=Origin(prompt="a kite that flies"))


def submitted(owner: User, title: str = "Kite", page: str = "<!doctype html><p>kite</p>") -> Entry:
    return submit(publish(owner, title, page).artifact, owner)


def accepted(owner: User, title: str = "Kite", page: str = "<!doctype html><p>kite</p>") -> Entry:
    entry = submitted(owner, title, page)
    accept(entry, None)
    return entry
