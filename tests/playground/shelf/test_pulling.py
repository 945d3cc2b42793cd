"""From the registry onto the shelf."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django.fixtures import Settings

from playground.artifacts.blobs import read_blob
from playground.shelf.failures import ShelfFailure
from playground.shelf.models import Package, Source
from playground.shelf.pulling import drop_package, pull_package, trim_shelf, upload_package
from playground.shelf.starter import fill_shelf
from tests.playground.shelf.registry import Registry, checksum, pack

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_package_is_pulled_once(npm: Registry) -> None:
    npm.publish("a", "1.2.0", {"index.js": "1"})
    package = pull_package("a", "^1")
    assert (package.name, package.version, package.source) == ("a", "1.2.0", "pulled")
    assert package.files == ["index.js", "package.json"]
    assert package.integrity.startswith("sha512-")
    asked = len(npm.requests)
    assert pull_package("a", "1.2.0") == package
    assert len(npm.requests) == asked


def test_two_at_a_time_pull_it_once(npm: Registry) -> None:
    npm.publish("a", "1.0.0", {"index.js": "1"})

    def pull(_: int) -> int:
        try:
            return pull_package("a", "1.0.0").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(pull, range(4)))) == 1
    assert sum(path.endswith(".tgz") for path in npm.requests) == 1


def test_a_scoped_package_and_an_old_checksum(npm: Registry) -> None:
    tarball = pack({"package.json": '{"name": "@s/a", "version": "1.0.0"}'})
    npm.publish_tarball("@s/a", "1.0.0", tarball, checksum(tarball, "sha1"))
    assert pull_package("@s/a", "latest").version == "1.0.0"


@pytest.mark.parametrize("integrity", ["sha512-AAAA", "md5-AAAA"])
def test_another_content_than_announced_is_refused(npm: Registry, integrity: str) -> None:
    npm.publish_tarball("a", "1.0.0", pack({"package.json": "{}"}), integrity)
    with pytest.raises(ShelfFailure) as caught:
        pull_package("a", "1.0.0")
    assert caught.value.code == "damaged"
    assert not Package.objects.exists()


def test_what_does_not_exist_is_asked_for_once(npm: Registry) -> None:
    for _ in range(2):
        with pytest.raises(ShelfFailure) as caught:
            pull_package("nothing", "1")
        assert caught.value.code == "no_package"
    assert len(npm.requests) == 1


def test_the_nearest_version_is_taken(npm: Registry) -> None:
    npm.publish("a", "3.2.0", {})
    npm.publish("a", "3.2.4", {})
    assert pull_package("a", "3.2.3").version == "3.2.4"


def test_without_a_registry_the_shelf_answers(npm: Registry, settings: Settings) -> None:
    npm.publish("a", "1.0.0", {})
    pull_package("a", "1.0.0")
    cache.clear()
    settings.NPM_REGISTRY = "off"
    assert pull_package("a", "latest").version == "1.0.0"
    assert pull_package("a", "2.0.0").version == "1.0.0"
    with pytest.raises(ShelfFailure) as caught:
        pull_package("b", "1")
    assert caught.value.code == "unreachable"


def test_a_registry_that_does_not_answer_is_unreachable(npm: Registry, settings: Settings) -> None:
    settings.NPM_REGISTRY = "http://127.0.0.1:1"
    with pytest.raises(ShelfFailure) as caught:
        pull_package("a", "1")
    assert caught.value.code == "unreachable"


def test_what_was_chosen_answers_before_the_registry(npm: Registry) -> None:
    npm.publish("a", "1.0.0", {})
    pull_package("a", "1.0.0", Source.STARTER)
    npm.publish("a", "1.1.0", {})
    cache.clear()
    assert pull_package("a", "latest").version == "1.0.0"
    assert pull_package("a", "1.1").version == "1.1.0"


def test_the_shelf_is_bounded(npm: Registry, settings: Settings) -> None:
    for name in ("a", "b", "c"):
        npm.publish(name, "1.0.0", {"index.js": name})
        pull_package(name, "1.0.0", Source.STARTER if name == "a" else Source.PULLED)
    blob = Package.objects.get(name="b").blob
    settings.SHELF_PACKAGES = 2
    trim_shelf()
    assert sorted(Package.objects.values_list("name", flat=True)) == ["a", "c"]
    with pytest.raises(FileNotFoundError):
        read_blob(blob)
    settings.SHELF_MEGABYTES = 0
    trim_shelf()
    assert list(Package.objects.values_list("name", flat=True)) == ["a"]


def test_a_blob_that_two_packages_share_stays(npm: Registry) -> None:
    tarball = pack({"package.json": '{"name": "a", "version": "1.0.0"}'})
    npm.publish_tarball("a", "1.0.0", tarball)
    npm.publish_tarball("b", "1.0.0", tarball)
    first, second = pull_package("a", "1.0.0"), pull_package("b", "1.0.0")
    assert first.blob == second.blob
    drop_package(first)
    assert read_blob(second.blob)


def test_uploads_are_checked_alike() -> None:
    tarball = pack({"package.json": '{"name": "@mine/a", "version": "1.0.0"}', "a.js": "1"})
    package = upload_package(io.BytesIO(tarball), checksum(tarball))
    assert (str(package), package.source) == ("@mine/a@1.0.0", "uploaded")
    with pytest.raises(ShelfFailure):
        upload_package(io.BytesIO(pack({"package.json": '{"name": "../a", "version": "1.0.0"}'})), "")


def test_the_starter_shelf_is_filled_and_then_full(npm: Registry, settings: Settings) -> None:
    npm.publish("d3", "7.0.0", {}, dependencies={"d3-array": "^3"})
    npm.publish("d3-array", "3.1.0", {}, dependencies={"internmap": "2"})
    npm.publish("internmap", "2.0.0", {})
    filled = fill_shelf([("d3", "7")])
    assert (filled.pulled, filled.present, filled.failed) == (3, 0, {})
    filled = fill_shelf([("d3", "7")])
    assert (filled.pulled, filled.present) == (0, 3)
    settings.NPM_REGISTRY = "off"
    assert "unreachable" in fill_shelf([("x", "1"), ("d3", "7")]).failed.values()
