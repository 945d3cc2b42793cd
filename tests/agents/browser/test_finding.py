from pathlib import Path

import pytest

from agents.browser import find_chromium
from agents.browser.isolation import Level, command_for, environment


def test_a_setting_that_leads_nowhere_is_no_browser(tmp_path: Path) -> None:
    assert find_chromium(str(tmp_path / "missing")) is None


def test_the_setting_comes_first(tmp_path: Path) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    assert find_chromium(str(program)) == str(program)


def test_what_playwright_has_installed_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium-1187" / "chrome-linux" / "chrome"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o700)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_chromium() == str(program)


def test_the_browser_gets_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "OPENAI_API_KEY" not in environment()
    assert command_for("/usr/bin/chromium", Level.PROXY) == ["/usr/bin/chromium"]
