"""How a process of ours ends."""

import subprocess
import sys

SCRIPT = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count()))  # the last that is registered is asked first
import playground.config
"""


def test_what_is_loaded_is_not_looked_through_at_the_end() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, check=True)
    assert int(done.stdout) > 10_000
