"""Archives from strangers."""

import io
import json
import tarfile
import zipfile

import pytest

from playground.shelf import tarballs
from playground.shelf.failures import ShelfFailure
from playground.shelf.tarballs import unpack
from tests.playground.shelf.registry import add_file, pack

MANIFEST = json.dumps({"name": "a", "version": "1.0.0", "scripts": {"install": "rm -rf /"}})


def test_files_are_packed_again() -> None:
    done = unpack(io.BytesIO(pack({"package.json": MANIFEST, "dist/a.js": "let a", "dist/a.js.map": "{}"})))
    assert done.manifest == {"name": "a", "version": "1.0.0"}
    assert set(done.files) == {"package.json", "dist/a.js"}
    with zipfile.ZipFile(io.BytesIO(done.archive)) as archive:
        assert archive.read("dist/a.js") == b"let a"


def hostile(**member: object) -> io.BytesIO:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        add_file(archive, "package/package.json", MANIFEST.encode())
        info = tarfile.TarInfo("package/x")
        for name, value in member.items():
            setattr(info, name, value)
        archive.addfile(info, io.BytesIO(b""))
    output.seek(0)
    return output


@pytest.mark.parametrize(
    "member",
    [
        {"name": "package/../../etc/passwd"},
        {"name": "/etc/passwd"},
        {"name": "package\\..\\x"},
        {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"type": tarfile.LNKTYPE, "linkname": "package/package.json"},
        {"type": tarfile.CHRTYPE},
        {"type": tarfile.FIFOTYPE},
    ],
)
def test_links_devices_and_ways_out_are_refused(member: dict[str, object]) -> None:
    with pytest.raises(ShelfFailure) as caught:
        unpack(hostile(**member))
    assert caught.value.code == "unsafe"


@pytest.mark.parametrize(
    "content", [b"", b"no archive", pack({"index.js": "no package.json"}), pack({"package.json": "["})]
)
def test_what_is_no_package_is_refused(content: bytes) -> None:
    with pytest.raises(ShelfFailure) as caught:
        unpack(io.BytesIO(content))
    assert caught.value.code == "unsafe"


def test_bombs_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = pack({"package.json": MANIFEST, "a.js": "0" * (30 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(ShelfFailure) as caught:
        unpack(io.BytesIO(bomb))
    assert caught.value.code == "too_large"


def test_too_many_and_too_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tarballs, "MAX_MEMBERS", 3)
    with pytest.raises(ShelfFailure):
        unpack(io.BytesIO(pack({"package.json": MANIFEST, "a": "", "b": "", "c": ""})))
    monkeypatch.setattr(tarballs, "MAX_FILE", 10)
    with pytest.raises(ShelfFailure):
        unpack(io.BytesIO(pack({"package.json": MANIFEST})))
