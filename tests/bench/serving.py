"""`make bench`: a saved version, served by Daphne through the artifact host, beside the same bytes served by nginx.

Both are asked in the same run, by the same client, in turns, so that the ratios mean something on any machine.
"""

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playground.launcher.children import Child
from playground.launcher.failure import LaunchFailure
from playground.launcher.ground import free_port
from playground.launcher.processes import Plan, plan_valkey, plan_web
from tests.bench.processes import wait_until

SECONDS = 3.0
ROUNDS = 3
CLIENTS = 4
_PAGE = Path(__file__).parents[2] / "playground" / "reel" / "clips" / "solar-system" / "index.html"
_NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; types {{ text/html html; }}
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}/files; keepalive_requests 1000000; }}
}}
"""


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="playground-bench-")))
        try:
            host, path, port = stack.enter_context(_serve_ours(folder / "data"))
            _compare(stack, folder, host, path, port)
        except (LaunchFailure, TimeoutError) as failure:
            sys.exit(f"playground: {failure}")


def _compare(stack: ExitStack, folder: Path, host: str, path: str, port: int) -> None:
    body = _fetch(port, host, path)
    print(f"A saved version of {len(body)} bytes, {CLIENTS} connections, {ROUNDS} rounds of {SECONDS:.0f} s each.")
    targets = {"playground": (port, host, path)}
    if shutil.which("nginx"):
        targets["nginx"] = (stack.enter_context(_serve_nginx(folder, body)), "localhost", "/page.html")
    rates: dict[str, list[float]] = {name: [] for name in targets}
    waits: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            asked, waited = _measure(*target)
            rates[name].append(asked)
            waits[name].append(waited)
    rate = {name: statistics.median(values) for name, values in rates.items()}
    wait = {name: statistics.median(values) for name, values in waits.items()}
    for name in targets:
        print(f"{name:12} {rate[name]:9.0f} requests/s   first byte after {wait[name] * 1000:6.2f} ms (median)")
    if "nginx" in targets:
        print(
            f"{'ratio':12} {rate['playground'] / rate['nginx']:9.3f}{'':14}{wait['playground'] / wait['nginx']:11.2f}"
        )
    else:
        print("nginx is not installed, so there is nothing to compare with. On Debian: apt install nginx-light")


def _measure(port: int, host: str, path: str) -> tuple[float, float]:
    """Requests per second over all connections, and the median time to the first byte on one at rest."""
    counts = [0] * CLIENTS
    end = time.perf_counter() + SECONDS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        while time.perf_counter() < end:
            _ask(connection, host, path)
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    return sum(counts) / SECONDS, statistics.median(_ask(connection, host, path) for _ in range(100))


def _ask(connection: http.client.HTTPConnection, host: str, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path, headers={"Host": host})
    response = connection.getresponse()
    waited = time.perf_counter() - start
    response.read()
    if response.status != 200:
        raise LaunchFailure(f"{host}{path} answers {response.status}.")
    return waited


def _fetch(port: int, host: str, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": host})
    return connection.getresponse().read()


@contextmanager
def _serve_ours(data: Path) -> Iterator[tuple[str, str, int]]:
    """A playground of its own with one version in it: its host, its path, the port."""
    port = free_port()
    data.mkdir()
    settings = {"PORT": str(port), "PLAYGROUND_DATA": str(data), "DJANGO_SETTINGS_MODULE": "playground.config.settings"}
    plan = Plan(port, None, data, {**os.environ, **settings, "PLAYGROUND_URL": f"http://localhost:{port}"})
    with ExitStack() as stack:
        if valkey := plan_valkey(plan):
            _start(valkey, stack)
        address = urlsplit(_publish(plan))
        web = _start(plan_web(plan), stack)
        wait_until(lambda: _is_up(web) and bool(_fetch(port, address.netloc, address.path)))
        yield address.netloc, address.path, port


def _start(child: Child, stack: ExitStack) -> Child:
    child.start()
    stack.callback(child.stop)
    return child


def _is_up(child: Child) -> bool:
    assert child.process
    if child.process.poll() is not None:
        raise LaunchFailure(f"{child.name} has ended:\n{child.last_words()}")
    return True


def _publish(plan: Plan) -> str:
    """The address of the page that is measured."""
    manage = [sys.executable, str(Path(__file__).parents[2] / "manage.py")]
    script = (
        "from playground.accounts.models import User\n"
        "from playground.artifacts.addresses import frame_url\n"
        "from playground.artifacts.services import create_artifact\n"
        f"files = {{'index.html': open({str(_PAGE)!r}, 'rb').read()}}\n"
        "print(frame_url(create_artifact(owner=User.objects.create_guest(), title='Bench', files=files)))\n"
    )
    for command in (["migrate", "--verbosity", "0"], ["shell", "--no-imports", "--command", script]):
        done = subprocess.run([*manage, *command], env=plan.environment, capture_output=True, text=True)
        if done.returncode:
            raise LaunchFailure(f"the version to measure cannot be made:\n{done.stderr[-2000:]}")
    return done.stdout.split()[-1]


@contextmanager
def _serve_nginx(folder: Path, body: bytes) -> Iterator[int]:
    port = free_port()
    files = folder / "files"
    files.mkdir()
    (files / "page.html").write_bytes(body)
    folder.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port))
    server = subprocess.Popen(["nginx", "-c", str(config), "-e", str(folder / "error.log")])
    try:
        wait_until(lambda: bool(_fetch(port, "localhost", "/page.html")))
        yield port
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
