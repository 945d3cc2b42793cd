"""Nothing leads out of the directory, whatever it is called and whatever lies in it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agents import workspace
from agents.workspace import Denied, Workspace

SECRET = b"secret"


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder beside the workspace. Whatever a test does, its file stays as it is, and alone."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "canary.txt").write_bytes(SECRET)
    yield folder
    assert [path.name for path in folder.iterdir()] == ["canary.txt"]
    assert (folder / "canary.txt").read_bytes() == SECRET
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "outside"]


@pytest.fixture
def files(tmp_path: Path) -> Workspace:
    (tmp_path / "inside").mkdir()
    return Workspace(tmp_path / "inside")


names = st.text(st.sampled_from("ab./\\~%-_ C:\0\n\u202e\u0308é．／"), max_size=30)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=names)
@example(path="../outside/canary.txt")
@example(path="a/../../outside/canary.txt")
@example(path="..%2foutside%2fcanary.txt")
@example(path="/etc/passwd.txt")
@example(path="x" * 300 + ".txt")
def test_any_name(files: Workspace, outside: Path, path: str) -> None:
    for act in (lambda: files.write(path, b"x"), lambda: files.read(path), lambda: files.delete(path)):
        with contextlib.suppress(Denied):
            act()
    assert all(clean == os.path.normpath(clean) and ".." not in clean for clean in files.sizes())


def test_links_are_not_followed(files: Workspace, outside: Path) -> None:
    (files.root / "link.txt").symlink_to(outside / "canary.txt")
    (files.root / "folder").symlink_to(outside)
    for path in ("link.txt", "folder/canary.txt"):
        with pytest.raises(Denied):
            files.read(path)
        with pytest.raises(Denied):
            files.write(path, b"x")
    with pytest.raises(Denied):
        files.delete("folder/canary.txt")
    with pytest.raises(Denied):
        files.write("folder/new.txt", b"x")
    assert files.contents() == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_devices_are_no_files(files: Workspace) -> None:
    os.mknod(files.root / "null.txt", 0o20666, os.makedev(1, 3))
    _stay_away(files, "null.txt")


def test_pipes_are_no_files(files: Workspace) -> None:
    """Opening one would wait for ever."""
    os.mkfifo(files.root / "pipe.txt")
    _stay_away(files, "pipe.txt")


def _stay_away(files: Workspace, path: str) -> None:
    with pytest.raises(Denied):
        files.read(path)
    with pytest.raises(Denied):
        files.write(path, b"x")
    assert files.sizes() == {}


def test_names_that_differ_only_in_case(files: Workspace) -> None:
    files.write("Img/a.png", b"1")
    for path in ("img/b.png", "Img/A.png"):
        with pytest.raises(Denied, match="upper and lower case"):
            files.write(path, b"2")
    files.write("Img/a.png", b"2")
    assert files.contents() == {"Img/a.png": b"2"}


def test_one_name_for_one_file(files: Workspace) -> None:
    files.write("a\u0308.txt", b"1")
    assert files.read("./ä.txt") == b"1"


def test_a_file_is_no_folder(files: Workspace) -> None:
    files.write("a.b", b"1")
    with pytest.raises(Denied):
        files.write("a.b/c.txt", b"2")
    files.delete("a.b")
    files.write("a.b/c.txt", b"2")
    with pytest.raises(Denied):
        files.write("a.b", b"3")
    files.delete("a.b/c.txt")
    files.write("a.b", b"4")


def test_quotas(files: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "MAX_FILE_BYTES", 10)
    monkeypatch.setattr(workspace, "MAX_TOTAL_BYTES", 15)
    monkeypatch.setattr(workspace, "MAX_FILES", 2)
    files.write("a.txt", b"x" * 10)
    for path, content in (("a.txt", b"x" * 11), ("b.txt", b"x" * 6)):
        with pytest.raises(Denied, match="too large"):
            files.write(path, content)
    files.write("b.txt", b"")
    with pytest.raises(Denied, match="too many"):
        files.write("c.txt", b"")
    assert files.sizes() == {"a.txt": 10, "b.txt": 0}


def test_filled_anew(files: Workspace) -> None:
    files.write("old/a.txt", b"1")
    (files.root / ".writing").write_bytes(b"half a file of somebody who was killed")
    files.fill({"b.txt": b"2", "old.txt": b"3"})
    files.write("b.txt", b"4")
    assert files.contents() == {"b.txt": b"4", "old.txt": b"3"}
    assert not (files.root / "old").exists()


def test_files_of_somebody_else_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not have been written by its methods."""
    files = Workspace(tmp_path)
    (tmp_path / "a.txt").write_text("a")
    files.check()
    (tmp_path / "A.txt").write_text("a")
    with pytest.raises(Denied, match="upper and lower case"):
        files.check()
    (tmp_path / "A.txt").unlink()
    monkeypatch.setattr(workspace, "MAX_FILE_BYTES", 10)
    (tmp_path / "b.txt").write_text("b" * 11)
    with pytest.raises(Denied, match="too large"):
        files.check()
