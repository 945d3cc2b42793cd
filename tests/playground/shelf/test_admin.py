"""The shelf on the admin pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from playground.accounts.models import User
from playground.shelf.models import Package
from tests.playground.shelf.registry import Registry, pack

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/shelf/package/"


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def test_a_package_is_added_by_name_and_removed(client: Client, npm: Registry) -> None:
    npm.publish("a", "1.0.0", {"a.js": ""})
    answer = client.post(f"{LIST}add/", {"package": "a@1"}, follow=True)
    assert "Being fetched: a@1" in answer.content.decode()
    package = Package.objects.get()
    assert (str(package), package.source) == ("a@1.0.0", "admin")
    assert "Library shelf: " in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{package.pk}/change/").status_code == 200
    client.post(f"{LIST}{package.pk}/delete/", {"post": "yes"})
    assert not Package.objects.exists()


def test_a_tarball_is_uploaded(client: Client) -> None:
    tarball = pack({"package.json": '{"name": "mine", "version": "2.0.0"}', "a.js": "1"})
    client.post(f"{LIST}add/", {"tarball": SimpleUploadedFile("mine-2.0.0.tgz", tarball)})
    package = Package.objects.get()
    assert (str(package), package.source) == ("mine@2.0.0", "uploaded")


@pytest.mark.parametrize(
    "fields", [{}, {"package": "../x"}, {"tarball": SimpleUploadedFile("a.tgz", b"no archive")}], ids=repr
)
def test_nonsense_is_refused(client: Client, fields: dict[str, object]) -> None:
    answer = client.post(f"{LIST}add/", fields)
    assert "errornote" in answer.content.decode()
    assert not Package.objects.exists()
