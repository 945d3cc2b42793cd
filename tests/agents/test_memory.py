import subprocess
import sys

from agents.memory import family_of, memory_of

HOLDS = "x = bytearray(b'x' * 60_000_000); print(flush=True); input()"
NESTS = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDS!r}])"


def test_what_descendants_hold_counts() -> None:
    command = [sys.executable, "-c", NESTS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        process.stdout.readline()
        assert len(list(family_of(process.pid))) == 2
        assert 60_000_000 < memory_of(process.pid) < 200_000_000
        process.stdin.close()
    assert memory_of(process.pid) == 0
