"""The launcher with its real processes: it starts a playground, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from playground.launcher.failure import LaunchFailure
from playground.launcher.ground import check_port, claim_folder, read_port, read_spare_port
from playground.launcher.setup import SetupFailure, check_python
from tests.e2e.stack import ROOT, Stack, clean_environment, start_stack
from tests.environment import free_port


def processes_of(stack: Stack) -> set[int]:
    """All processes that carry the stack's data folder in their environment."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            environment = (entry / "environ").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if f"PLAYGROUND_DATA={stack.data}".encode() in environment:
            found.add(int(entry.name))
    return found


def wait_until_gone(stack: Stack, seconds: float = 20) -> set[int]:
    deadline = time.monotonic() + seconds
    while (left := processes_of(stack)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def launch(data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """A launcher that is expected to fail."""
    environment = clean_environment() | {"PLAYGROUND_DATA": str(data)} | settings
    command = [sys.executable, "-m", "playground.launcher"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_two_side_by_side_and_no_orphans(tmp_path: Path) -> None:
    first = start_stack(tmp_path / "one", PLAYGROUND_REEL_SPEED="0")
    second = start_stack(tmp_path / "two", PLAYGROUND_REEL_SPEED="0")
    try:
        assert "no issues" in first.manage("check")
        taken = launch(tmp_path / "three", PORT=first.url.rpartition(":")[2])
        assert taken.returncode != 0
        assert "is taken" in taken.stderr
        assert len(taken.stderr.strip().splitlines()) == 1
        busy = launch(first.data, PORT=str(free_port()))
        assert "already runs" in busy.stderr
        assert second.stop() == 0
        assert wait_until_gone(second) == set()
        assert len(processes_of(first)) >= 5
    finally:
        first.stop(signal.SIGKILL)  # no chance to clean up
        second.stop(signal.SIGKILL)
    assert wait_until_gone(first) == set()
    again = start_stack(first.data, PLAYGROUND_REEL_SPEED="0")
    assert again.stop(signal.SIGINT) == 0
    assert wait_until_gone(again) == set()


def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    stack = start_stack(tmp_path / "data", PLAYGROUND_REEL_SPEED="0")
    try:
        (web,) = [pid for pid in processes_of(stack) if b"config.asgi" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(web, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(stack.url.rpartition(":")[2]))) == 0:
                    break
            time.sleep(0.1)
        else:
            pytest.fail("the web server was not started again")
    finally:
        stack.stop()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LaunchFailure, match="cannot be written"):
        claim_folder(tmp_path / "file")


def test_a_taken_port_names_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LaunchFailure, match=r"Port \d+ is taken\. .*PORT="):
            check_port(taken.getsockname()[1])


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "²"])
def test_a_senseless_port_is_refused(port: str) -> None:
    with pytest.raises(LaunchFailure, match="PORT must be a number"):
        read_port({"PORT": port})


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("localhost:8001", 8001),
        ("pages.localhost:8001", 8001),
        ("[::1]:8001", 8001),
        ("localhost:8000", None),
        ("usercontent.example:8001", None),
        ("", None),
    ],
)
def test_a_port_of_the_artifacts_own_is_listened_on(host: str, port: int | None) -> None:
    assert read_spare_port({"PORT": "8000", "PLAYGROUND_ARTIFACT_HOST": host}) == port


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://192.168.1.20:8000", "192.168.1.20:8001", 8001),
        ("http://192.168.1.20:8000", "192.168.1.21:8001", None),
        ("http://192.168.1.20", "192.168.1.20:8001", None),  # the URL leads to a proxy, which has both ports
        ("https://192.168.1.20:8000", "192.168.1.20:8001", None),
        ("http://localhost:9000", "localhost:9000", None),
    ],
)
def test_so_it_is_on_a_lan_address_that_leads_here(url: str, host: str, port: int | None) -> None:
    settings = {"PORT": "8000", "PLAYGROUND_URL": url, "PLAYGROUND_ARTIFACT_HOST": host}
    assert read_spare_port(settings) == port


@pytest.mark.parametrize(
    "settings",
    [
        {"DATABASE_URL": "mysql://localhost/a"},
        {"PLAYGROUND_CONCURRENT_RUNS": "x"},
        {"REDIS_URL": "redis://127.0.0.1:9/0"},
        {"REDIS_URL": "nonsense"},
        {"PLAYGROUND_ARTIFACT_HOST": "localhost:abc"},
        {"PLAYGROUND_ARTIFACT_HOST": "127.0.0.1:9999", "PLAYGROUND_ARTIFACT_WILDCARD": "false", "PORT": "9999"},
    ],
)
def test_senseless_settings_are_said_in_a_sentence(tmp_path: Path, settings: dict[str, str]) -> None:
    refused = launch(tmp_path / "data", **{"PORT": str(free_port())} | settings)
    assert refused.returncode == 1
    assert refused.stderr.startswith("playground: ")
    assert "Traceback" not in refused.stderr
    assert next(iter(settings)) in refused.stderr


def test_an_old_python_is_told_to_go() -> None:
    with pytest.raises(SetupFailure, match=r"Python 3\.11 is too old"):
        check_python((3, 11))
