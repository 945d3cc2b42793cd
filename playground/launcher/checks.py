"""`make test`, and `make soak`: every check, whatever the ones before it said; the failures are named at the end."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PYTHON_CODE = ["agents", "playground", "tests", "manage.py"]

# Tests wait, too: three share two processors. Files stay together here, for each starts playgrounds of its own, in the
# order of tests/e2e/conftest.py. What a busy machine was too slow for is tried again, and named with what failed.
RERUNS = ["--reruns", "2", "-raR", "--rerun-show-tracebacks"]
BROWSERS = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", *RERUNS, "--durations", "12"]

CHECKS: list[tuple[str, list[str], str]] = [
    ("style", ["ruff", "check", "--quiet", "."], "."),
    ("format", ["ruff", "format", "--check", "--quiet", "."], "."),
    ("types", ["mypy", *PYTHON_CODE], "."),
    ("architecture", ["lint-imports"], "."),
    ("frontend types", ["npm", "run", "--silent", "check"], "frontend"),
    ("frontend style", ["npm", "run", "--silent", "lint"], "frontend"),
    ("frontend tests", ["npm", "run", "--silent", "test"], "frontend"),
    ("tests", ["pytest", "-q", "-n", "3", "--ignore", "tests/e2e"], "."),
    ("browser tests", ["pytest", "-q", *BROWSERS, "tests/e2e"], "."),
]
# Apart as above: what drives a browser leaves a loop running that the others cannot have.
SOAKS: list[tuple[str, list[str], str]] = [
    ("soaks", ["pytest", "-v", "-m", "soak", "--ignore", "tests/e2e"], "."),
    ("browser soaks", ["pytest", "-v", "-m", "soak", "tests/e2e"], "."),
]


def main() -> None:
    checks = SOAKS if "--soak" in sys.argv else CHECKS
    failed = [name for name, command, folder in checks if not passes(name, command, folder)]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def passes(name: str, command: list[str], folder: str) -> bool:
    print(f"── {name}", flush=True)
    program = BIN / command[0]
    line = [str(program), *command[1:]] if program.exists() else command
    return subprocess.run(line, cwd=ROOT / folder).returncode == 0


if __name__ == "__main__":
    main()
