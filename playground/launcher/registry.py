"""Which package registry this machine uses: a company's mirror is found where npm finds it."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_SECONDS = 20.0


def ask_npm(environment: Mapping[str, str]) -> subprocess.Popen[str] | None:
    """Start asking npm, which takes its time; None where a variable has said it or there is no npm."""
    if environment.get("PLAYGROUND_NPM_REGISTRY") or environment.get("npm_config_registry"):
        return None
    carried = Path(sys.executable).parent / "npm"
    npm = shutil.which("npm") or (str(carried) if carried.exists() else None)
    if npm is None:
        return None
    command = [npm, "config", "get", "registry"]
    return subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def read_registry(environment: Mapping[str, str], asked: subprocess.Popen[str] | None) -> str:
    """The registry's address; empty where nothing says it."""
    said = environment.get("PLAYGROUND_NPM_REGISTRY") or environment.get("npm_config_registry") or ""
    if said or asked is None:
        return said
    try:
        answer, _ = asked.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        asked.kill()
        return ""
    address = answer.strip()
    return address if address.startswith(("https://", "http://")) else ""
