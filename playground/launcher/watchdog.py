"""Runs a command and ends it when the launcher is gone: for systems without PR_SET_PDEATHSIG."""

import os
import signal
import subprocess
import sys
import time


def watch(parent: int, command: list[str]) -> int:
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while process.poll() is None:
        if os.getppid() != parent:
            process.terminate()
        time.sleep(0.5)
    return process.returncode


if __name__ == "__main__":
    sys.exit(watch(int(sys.argv[1]), sys.argv[2:]))
