"""Start a playground, say where it is, keep its processes running, and end them all."""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from playground.launcher.children import Child
from playground.launcher.failure import LaunchFailure
from playground.launcher.ground import check_port, claim_folder, read_port, read_spare_port
from playground.launcher.preparation import prepare
from playground.launcher.processes import Plan, plan_builder, plan_reel, plan_valkey, plan_web, plan_worker
from playground.launcher.registry import ask_npm, read_registry

ROOT = Path(__file__).resolve().parents[2]
STARTING = 90.0  # seconds that the playground has to get ready


class Stop(BaseException):
    """Somebody asked us to end."""


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stop)
    try:
        with ExitStack() as stack:
            launch(stack)
    except Stop:
        sys.exit(0)
    except LaunchFailure as failure:
        sys.exit(f"playground: {failure}")


def launch(stack: ExitStack) -> None:
    """Returns only by an exception; `stack` then ends what was started, last first."""
    port, spare_port = read_port(dict(os.environ)), read_spare_port(dict(os.environ))
    data = Path(os.environ.get("PLAYGROUND_DATA") or ROOT / ".data").resolve()
    stack.enter_context(claim_folder(data))
    check_port(port)
    if spare_port:
        check_port(spare_port)
    settings = {"PORT": str(port), "PLAYGROUND_DATA": str(data), "DJANGO_SETTINGS_MODULE": "playground.config.settings"}
    plan = Plan(port, spare_port, data, {**os.environ, **settings})
    children: list[Child] = []
    if valkey := plan_valkey(plan):
        children.append(_start(valkey, stack))
    children.append(_start(plan_reel(plan), stack))
    os.environ.update(plan.environment)
    asked = ask_npm(plan.environment)
    is_first_start = prepare()
    if registry := read_registry(plan.environment, asked):
        plan.environment["PLAYGROUND_NPM_REGISTRY"] = registry
    planned = (plan_worker(plan), plan_builder(plan), plan_web(plan))
    children += [_start(each, stack) for each in planned if each]
    _wait_until_ready(port, children)
    print(f"Playground is ready at http://localhost:{port}", flush=True)
    if is_first_start:
        print("Make yourself an admin: .venv/bin/python manage.py createsuperuser", flush=True)
    _watch(children)


def _start(child: Child, stack: ExitStack) -> Child:
    child.start()
    stack.callback(child.stop)
    return child


def _watch(children: list[Child]) -> None:
    while True:
        for child in children:
            if child.revive():
                print(f"{child.name} had ended and was started again; see {child.log}", flush=True)
        time.sleep(0.5)


def _wait_until_ready(port: int, children: list[Child]) -> None:
    deadline = time.monotonic() + STARTING
    answer = "nothing"
    while time.monotonic() < deadline:
        for child in children:
            child.revive()
        answer = _ask_health(port)
        if not answer:
            return
        time.sleep(0.1)
    logs = children[-1].log.parent
    raise LaunchFailure(f"the playground does not get ready ({answer}). Look into {logs}.")


def _ask_health(port: int) -> str:
    """Empty when all is well, else what is not."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": f"localhost:{port}"})
    try:
        with urllib.request.urlopen(request, timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        return error.read(300).decode(errors="replace")
    except (TimeoutError, OSError) as error:
        return str(error)


def _raise_stop(number: int, frame: FrameType | None) -> None:
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN if other != signal.SIGINT else signal.SIG_DFL)
    raise Stop


if __name__ == "__main__":
    main()
