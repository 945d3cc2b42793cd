"""Running esbuild's program: one process for each piece of work, no Node."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache as once
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.cache import cache

type Loader = Literal["js", "jsx", "ts", "tsx"]

TARGET = "es2022"
_SECONDS = 60
_KEEP = 24 * 3600  # seconds
_ERROR = re.compile(r"\[ERROR\] (.+?)\n(?:\n\s+(\S+?):(\d+):(\d+):)?", re.DOTALL)


class BuildFailed(Exception):
    """`line` counts from 1, `column` from 0; both are 0 where the failure is not at a place."""

    def __init__(self, message: str, line: int = 0, column: int = 0, output: str = "") -> None:
        super().__init__(f"{message} ({line}:{column})" if line else message)
        self.message = message
        self.line = line
        self.column = column
        self.output = output  # all that esbuild said


def transform(source: str, loader: Loader, *, jsx: Literal["automatic", "transform"] = "automatic") -> str:
    """JavaScript for browsers, made from one file; imports stay as they are. Raises BuildFailed.

    The result is kept, so that the same source is compiled once.
    """
    options = [f"--loader={loader}", f"--jsx={jsx}", f"--target={TARGET}", "--charset=utf8"]
    digest = hashlib.sha256("\0".join([version(), *options, source]).encode()).hexdigest()
    key = f"shelf:transform:{digest}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = run([*options, '--define:process.env.NODE_ENV="production"'], source.encode()).decode()
        cache.set(key, kept, _KEEP)
    return kept


def run(arguments: Sequence[str], source: bytes = b"", folder: Path | None = None) -> bytes:
    """The output of esbuild. Raises BuildFailed."""
    command = [find_program(), *arguments, "--log-level=error", "--color=false", "--log-limit=50"]
    environment = {"PATH": os.environ.get("PATH", ""), "GOMAXPROCS": "2"}
    try:
        done = subprocess.run(
            command, input=source, cwd=folder, env=environment, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BuildFailed("Building took too long.") from error
    if done.returncode:
        raise _failure(done.stderr.decode(errors="replace"))
    return done.stdout


@once
def find_program() -> str:
    """By setting, among the frontend's packages, on PATH. Raises BuildFailed."""
    if settings.ESBUILD:
        return str(settings.ESBUILD)
    packages = settings.ROOT / "frontend" / "node_modules" / "@esbuild"
    carried = [path for path in packages.glob("*/bin/esbuild") if os.access(path, os.X_OK)]
    found = str(carried[0]) if carried else shutil.which("esbuild")
    if not found:
        raise BuildFailed("esbuild is not installed: set PLAYGROUND_ESBUILD to its program.")
    return found


@once
def version() -> str:
    return run(["--version"]).decode().strip()


def _failure(text: str) -> BuildFailed:
    found = _ERROR.search(text)
    if not found:
        return BuildFailed(" ".join(text.split())[:500] or "esbuild failed.", output=text)
    return BuildFailed(found[1].strip(), int(found[3] or 0), int(found[4] or 0), text)
