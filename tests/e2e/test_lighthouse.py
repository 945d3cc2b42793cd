"""Lighthouse on what strangers see first. Its marks for speed are printed, for a busy machine decides them too."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.browser import find_chromium
from tests.e2e.stack import ROOT, Stack, start_stack

LIGHTHOUSE = ROOT / ".tools" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CHROMIUM = find_chromium()
FLAGS = "--headless --no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-sync"
GOOD = 95
PUBLIC = ["accessibility", "best-practices", "seo"]
_DEMO = """
from playground.gallery.models import Demo
print(Demo.objects.get(slug="countdown").artifact_id)
"""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = start_stack(tmp_path_factory.mktemp("lighthouse"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def demo(stack: Stack) -> str:
    return stack.manage("shell", "-v", "0", "-c", _DEMO).splitlines()[-1]


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", PUBLIC),
        ("/a/{demo}", PUBLIC),
        ("/embed/{demo}", PUBLIC[:2]),
        ("/new", PUBLIC[:2]),
    ],
)
def test_marks(stack: Stack, demo: str, tmp_path: Path, path: str, marked: list[str]) -> None:
    report = inspect(f"{stack.url}{path.format(demo=demo)}", tmp_path)
    marks = {name: round(found["score"] * 100) for name, found in report["categories"].items()}
    print(path, marks, file=sys.stderr)  # noqa: T201
    low = [name for name in marked if marks[name] < GOOD]
    assert not low, {name: list(losses(report, name)) for name in low}


def inspect(url: str, folder: Path) -> dict[str, Any]:
    command = [str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={folder}/report.json"]
    options = ["--preset=desktop", f"--chrome-flags={FLAGS}", "--disable-full-page-screenshot"]
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # Node may be there
    environment = {"CHROME_PATH": str(CHROMIUM), "PATH": programs, "HOME": str(folder)}
    done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return report


def losses(report: dict[str, Any], category: str) -> Iterator[str]:
    """What cost it marks."""
    for weighed in report["categories"][category]["auditRefs"]:
        audit = report["audits"][weighed["id"]]
        if weighed["weight"] and audit["score"] is not None and audit["score"] < 1:
            items = (audit.get("details") or {}).get("items", [])
            yield f"{audit['title']}: {json.dumps(items)[:600]}"
