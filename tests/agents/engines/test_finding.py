"""What can be installed on a machine."""

import stat
from pathlib import Path

import pytest

from agents import sandbox
from agents.engines.finding import Cli, Unavailable, find_qwen
from tests.agents.engines.programs import FOUND, HAS_QWEN, QWEN

pytestmark = pytest.mark.skipif(not sandbox.probe(), reason="bubblewrap does not work here")


def package(folder: Path, script: str) -> str:
    program = folder / "cli.js"
    program.write_text(f"#!/usr/bin/env node\n{script}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / "package.json").write_text("{}")
    return str(program)


def code(found: Cli | Unavailable) -> str:
    return found.code if isinstance(found, Unavailable) else found.version


@pytest.mark.skipif(not HAS_QWEN, reason=f"Qwen Code does not work here: {FOUND}")
def test_the_real_one() -> None:
    assert isinstance(FOUND, Cli)
    assert FOUND.version == "0.15.10"
    assert FOUND.program.samefile(QWEN)
    assert {"--resume", "--session-id", "--max-session-turns"} <= FOUND.flags


def test_none() -> None:
    found = find_qwen("/nowhere/qwen")
    assert isinstance(found, Unavailable)
    assert found.code == "not_installed"
    assert "npm install" in found.reason


def test_one_that_fails(tmp_path: Path) -> None:
    found = find_qwen(package(tmp_path, 'console.error("out of order"); process.exit(3)'))
    assert isinstance(found, Unavailable)
    assert (found.code, "out of order" in found.reason) == ("unusable", True)


def test_one_that_is_too_old(tmp_path: Path) -> None:
    found = find_qwen(
        package(tmp_path, 'console.log(process.argv[2] == "--help" ? "--approval-mode --resumed" : "0.0.1")')
    )
    assert isinstance(found, Unavailable)
    assert found.code == "unusable"
    assert "--resume" in found.reason
    assert "--approval-mode" not in found.reason


def test_one_that_is_no_package(tmp_path: Path) -> None:
    program = Path(package(tmp_path, ""))
    (tmp_path / "package.json").unlink()
    assert code(find_qwen(str(program))) == "unusable"


def test_it_is_tried_behind_walls(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    find_qwen(package(tmp_path, f'require("fs").writeFileSync("{canary}", "")'))
    assert not canary.exists()


def test_without_walls_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "probe", lambda: False)
    canary = tmp_path / "canary"
    found = find_qwen(package(tmp_path, f'require("fs").writeFileSync("{canary}", "")'))
    assert isinstance(found, Unavailable)
    assert (found.code, "bubblewrap" in found.reason) == ("no_walls", True)
    assert not canary.exists()
