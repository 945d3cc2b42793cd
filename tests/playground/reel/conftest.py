import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests.environment import free_port, wait_for_port

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def reel_port() -> Iterator[int]:
    """The reel as the launcher starts it, but as fast as it can."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), "playground.reel.app:application"],
        cwd=ROOT,
        env=os.environ | {"PLAYGROUND_REEL_SPEED": "0"},
    )
    wait_for_port(port)
    yield port
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def client(reel_port: int) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"http://127.0.0.1:{reel_port}/v1", api_key="none", max_retries=0) as client:
        yield client
