import subprocess
import sys
from pathlib import Path

from tests.e2e.stack import clean_environment


def test_playgrounds_side_by_side_keep_their_sessions_apart(tmp_path: Path) -> None:
    """A browser sends a cookie of localhost:8000 to localhost:8001, too."""
    show = "from playground.config.settings import SESSION_COOKIE_NAME; print(SESSION_COOKIE_NAME)"
    environment = clean_environment() | {"PLAYGROUND_DATA": str(tmp_path)}
    names = {
        subprocess.check_output([sys.executable, "-c", show], env=environment | {"PORT": port})
        for port in ("8000", "8001")
    }
    assert len(names) == 2
