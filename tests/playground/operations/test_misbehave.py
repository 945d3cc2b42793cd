"""The command as an operator starts it."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from agents.misbehaving import REPERTOIRE
from tests.environment import free_port, wait_for_port

ROOT = Path(__file__).parents[3]


def test_it_serves_and_lists_its_models() -> None:
    port = free_port()
    command = [sys.executable, "manage.py", "misbehave", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        wait_for_port(port, 60)
        with urlopen(f"http://127.0.0.1:{port}/v1/models") as response:
            assert [model["id"] for model in json.load(response)["data"]] == list(REPERTOIRE)
        with pytest.raises(CommandError, match="cannot be listened on"):
            call_command("misbehave", port=port)
    finally:
        server.terminate()
        told, _ = server.communicate(timeout=20)
    assert f"http://127.0.0.1:{port}/v1" in told
    assert "M20-double-ids" in told
