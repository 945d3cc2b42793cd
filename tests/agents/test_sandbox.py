"""Commands behind real walls."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents import sandbox
from agents.sandbox import Output, probe, run_command

pytestmark = pytest.mark.skipif(not probe(), reason="bubblewrap does not work here")


async def sh(root: Path, script: str, seconds: float = 10) -> Output:
    async with asyncio.timeout(30):
        return await run_command(["sh", "-c", script], root, seconds)


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_it_reads_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("let x = ;\n")
    assert await run_command(["cat", "a.js"], tmp_path, 5) == Output(0, "let x = ;\n")
    assert (await run_command(["nosuch"], tmp_path, 5)).code == 127


async def test_it_reaches_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    (tmp_path / "work").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    script = f"cat {tmp_path}/secret.txt /etc/passwd /proc/1/environ; env; ls {tmp_path} /root /home"
    text = (await sh(tmp_path / "work", script)).text
    assert "No such file" in text
    for word in ("secret\n", "root:", "sk-secret"):
        assert word not in text


async def test_it_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("as it was")
    output = await sh(tmp_path, "echo x > a.txt; echo x > b.txt; ln -s / c; mkdir d; echo x > /usr/x; echo ok > /tmp/x")
    assert output.text.count("Read-only file system") >= 3
    assert os.listdir(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "as it was"


async def test_it_has_no_network(tmp_path: Path) -> None:
    with listening() as port:
        output = await sh(tmp_path, f"cat < /dev/null > /dev/tcp/127.0.0.1/{port} || cat /proc/net/dev")
        assert [line.split(":")[0].strip() for line in output.text.splitlines() if ":" in line][-1:] == ["lo"]
        bash = await run_command(["bash", "-c", f"echo x > /dev/tcp/127.0.0.1/{port}"], tmp_path, 5)
        assert bash.code != 0


async def test_it_ends_in_time_and_leaves_nobody(tmp_path: Path) -> None:
    output = await sh(tmp_path, "sleep 1234 & (setsid sleep 1234 &) ; sleep 1234", seconds=0.5)
    assert output.code is None
    assert "0.5 seconds" in output.why
    assert not _running("1234")


async def test_it_may_be_cancelled(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        running = group.create_task(sh(tmp_path, "setsid sleep 2345 & sleep 2345"))
        await asyncio.sleep(0.5)
        assert _running("2345")
        running.cancel()
    assert not _running("2345")


async def test_it_writes_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_OUTPUT", 1000)
    output = await sh(tmp_path, "yes")
    assert (output.code, len(output.text)) == (None, 1000)


async def test_its_temporary_files_are_few(tmp_path: Path) -> None:
    output = await sh(tmp_path, "dd if=/dev/zero of=/tmp/x bs=1M count=100 2>&1; echo ended")
    assert "No space left" in output.text


def _running(word: str) -> bool:
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word in process.read_bytes().decode(errors="replace").split("\0"):
                return True
        except OSError:
            continue
    return False
