"""Bring the checkout up to date: Python packages, Node, the frontend, the catalogues. A step is done when it is due.

Runs before there is a virtual environment, on any Python 3: it uses the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
PYTHON = (3, 12)
NODE = 20
# For tests alone, by the folder that each gets: the last versions for Node 20.
TEST_TOOLS = {
    "qwen": "@qwen-code/qwen-code@0.15.10",  # the builder's second engine; others bring their own
    "lighthouse": "lighthouse@12.8.2",
}

Environment = Dict[str, str]


def main(arguments: list[str]) -> None:
    try:
        check_python(sys.version_info[:2])
        set_up(for_tests="--tests" in arguments)
    except SetupFailure as failure:
        sys.exit("playground: %s" % failure)
    except KeyboardInterrupt:
        sys.exit("playground: stopped. The next start goes on from here.")


class SetupFailure(Exception):
    """One sentence that says what is wrong and what to do."""


def check_python(version: tuple[int, ...]) -> None:
    if version < PYTHON:
        raise SetupFailure("Python %d.%d is too old: install Python %d.%d or newer." % (version + PYTHON))


def set_up(for_tests: bool) -> None:
    """All steps, in order."""
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_PROJECT_ENVIRONMENT=str(VENV))
    environment.pop("VIRTUAL_ENV", None)
    install_packages(environment, for_tests)
    node = find_node(environment, for_tests)
    environment["PATH"] = os.pathsep.join([str(node.parent), environment["PATH"]])
    install_frontend(environment, node)
    build_frontend(environment, node)
    compile_catalogues(environment)
    if for_tests:
        for name, package in TEST_TOOLS.items():
            install_test_tool(environment, name, package)


def install_packages(environment: Environment, for_tests: bool) -> None:
    """What a run needs is part of what the tests need, and is not taken away again. PostgreSQL: if named or tested."""
    extras = ["--extra", "postgres"] if for_tests or environment.get("DATABASE_URL") else []
    due = stamp_of([ROOT / "pyproject.toml", ROOT / "uv.lock"], sys.version, *extras)
    if is_done("packages for tests", due) or (not for_tests and is_done("packages", due)):
        return
    say("Installing Python packages …")
    command = [find_uv(environment), "sync", "--locked", "--quiet", "--inexact", "--python", sys.executable]
    groups = ["--group", "dev"] if for_tests else []
    run(command + groups + extras, environment, "the Python packages")
    mark_done("packages for tests" if for_tests else "packages", due)


def find_uv(environment: Environment) -> str:
    """uv from PATH, where it works; else one of our own."""
    for uv in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if uv and os.path.exists(uv) and subprocess.run([uv, "--version"], capture_output=True).returncode == 0:
            return uv
    made = subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], capture_output=True, text=True)
    if made.returncode:
        raise SetupFailure(
            "Python cannot make a virtual environment here (%s). On Debian: apt install python3-venv."
            % last_line(made.stdout + made.stderr)
        )
    run([str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"], environment, "uv")
    return str(TOOLS / "bin" / "uv")


def find_node(environment: Environment, for_tests: bool) -> Path:
    """Node of the machine, where it is new enough; else the one that a Python package carries."""
    node = shutil.which("node")
    if node and node_version(node) >= NODE and shutil.which("npm"):
        return Path(node)
    carried = VENV / "bin" / "node"
    if not carried.exists():
        say("Installing Node …")
        groups = ["--group", "node"] + (["--group", "dev"] if for_tests else [])
        command = [find_uv(environment), "sync", "--locked", "--quiet", "--inexact", "--python", sys.executable]
        run(command + groups, environment, "Node %d or newer" % NODE)
    return carried


def node_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    digits = answer.stdout.strip().lstrip("v").partition(".")[0]
    return int(digits) if digits.isdigit() else 0


def install_frontend(environment: Environment, node: Path) -> None:
    frontend = ROOT / "frontend"
    due = stamp_of([frontend / "package.json", frontend / "package-lock.json"], node_version(str(node)))
    if is_done("frontend", due) and (frontend / "node_modules").exists():
        return
    say("Installing the frontend's packages …")
    run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], environment, "the frontend's packages", frontend)
    mark_done("frontend", due)


def build_frontend(environment: Environment, node: Path) -> None:
    frontend = ROOT / "frontend"
    folders = (frontend / "src", frontend / "public")
    sources = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    due = stamp_of(sources + sorted(frontend.glob("*.*")), node_version(str(node)))
    if is_done("build", due) and (frontend / "dist" / "manifest.json").exists():
        return
    say("Building the frontend …")
    run(["npm", "run", "--silent", "build"], environment, "the frontend", frontend)
    mark_done("build", due)


def compile_catalogues(environment: Environment) -> None:
    locale = ROOT / "playground" / "locale"
    due = stamp_of(sorted(locale.rglob("*.po")))
    if is_done("catalogues", due) and (list(locale.rglob("*.mo")) or not list(locale.rglob("*.po"))):
        return
    pybabel = str(VENV / "bin" / "pybabel")
    run([pybabel, "--quiet", "compile", "-d", str(locale), "-D", "django"], environment, "the catalogues")
    mark_done("catalogues", due)


def install_test_tool(environment: Environment, name: str, package: str) -> None:
    folder = TOOLS / name
    if is_done(name, package) and folder.exists():
        return
    say("Installing %s …" % package)
    flags = ["--silent", "--no-audit", "--no-fund", "--omit=optional", "--ignore-scripts"]
    run(["npm", "install", *flags, "--prefix", str(folder), package], environment, package)
    mark_done(name, package)


def run(command: list[str], environment: Environment, what: str, folder: Path = ROOT) -> None:
    """Run a step; where it fails, show the end of what it said."""
    done = subprocess.run(command, env=environment, cwd=str(folder), capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write("\n".join((done.stdout + done.stderr).splitlines()[-25:]) + "\n")
        raise SetupFailure(
            "could not install or build %s. Look at the lines above; if a registry was out of reach, try again." % what
        )


def stamp_of(paths: list[Path], *more: object) -> str:
    """A digest of what a step depends on."""
    digest = hashlib.sha256(repr(more).encode())
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_done(step: str, due: str) -> bool:
    stamp = VENV / "stamps" / step
    return stamp.exists() and stamp.read_text() == due


def mark_done(step: str, due: str) -> None:
    stamp = VENV / "stamps" / step
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(due)


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
